"""What the policy keeps of a call, as C#.

The variables' names begin with `lb-`, as an existing policy may have others:

    lb-start     the pool that calls start with at present, as an earlier call left it
    lb-outcome   of the last attempt: "answered"; "tripped" a breaker; "failed", which opens none; "lost", no answer;
                 "none" yet, since the call began or waited
    lb-trips     answers so far that tripped a breaker; `lb-earlier`: of them those before the last wait
    lb-moves     further attempts made because of a failure that opens none, each in a pool of another order
    lb-closing   when breakers close, as this call knows; `lb-stored`: as earlier calls knew
    lb-refusal   how many milliseconds the caller is to wait, and the status it gets
    lb-status    what the caller gets instead of the last answer, with `lb-message`, or for an error of the gateway

Only members that Microsoft lists are used, no character literals and no `//` remarks: attributes stand in single quotes
and may lose their line ends. https://learn.microsoft.com/azure/api-management/api-management-policy-expressions
"""

from .markup import csharp_string

OUTCOME = 'context.Variables.GetValueOrDefault<string>("lb-outcome", "answered")'
TRIPS = 'context.Variables.GetValueOrDefault<int>("lb-trips", 0)'
EARLIER_TRIPS = '(int)context.Variables["lb-earlier"]'
MOVES = 'context.Variables.GetValueOrDefault<int>("lb-moves", 0)'
CLOSING = 'context.Variables.GetValueOrDefault<string>("lb-closing", "[]")'
STORED = 'context.Variables.GetValueOrDefault<string>("lb-stored", "[]")'
# Shorter, where the variable has just been set.
THIS_OUTCOME = '(string)context.Variables["lb-outcome"]'
THESE_MOVES = '(int)context.Variables["lb-moves"]'
REFUSAL = '(long)context.Variables["lb-refusal"]'
STATUS = '(int)context.Variables["lb-status"]'
THIS_CLOSING = '(string)context.Variables["lb-closing"]'
MESSAGE = '(string)context.Variables["lb-message"]'

# Reasons of context.LastError: https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies
LOST_CONNECTION = "BackendConnectionFailure"
TIMED_OUT = "Timeout"
# An exhausted pool's 503 may have the reason of a lost connection, which leaves 500 or no response at all.
EXHAUSTED = "context.Response?.StatusCode == 503"
NOT_EXHAUSTED = "context.Response?.StatusCode != 503"


def is_status(value: str, choices: tuple[int, ...]) -> str:
    return f"new[] {{ {', '.join(map(str, choices))} }}.Contains({value})"


def is_text(value: str, choices: tuple[str, ...], *, negated: bool = False) -> str:
    if len(choices) == 1:
        return f"{value} {'!=' if negated else '=='} {csharp_string(choices[0])}"
    return f"{'!' if negated else ''}new[] {{ {', '.join(map(csharp_string, choices))} }}.Contains({value})"
