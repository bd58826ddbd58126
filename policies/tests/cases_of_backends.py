"""Cases of the rules over single backends."""

from cases import Case, preview, world
from parts import (
    backend,
    pool,
)
from stage import UNKNOWN

ONE = backend("one")


def secretive(**credentials: object):
    return backend("one", credentials=credentials)


CASES = {
    "apim-backend-url-is-https": Case(
        passes=[world(ONE), world(pool("one", url="http://x"))],
        fails=[(world(backend("one", url="http://x.example/openai?k=1")), "url is 'http://x.example/openai'")],
        decided=[(preview(backend("one", url="http://x", circuitBreaker=UNKNOWN)), "url is 'http://x'")],
        undecided=[preview(backend("one", url=UNKNOWN))],
    ),
    "apim-backend-holds-no-key": Case(
        passes=[
            world(ONE),
            world(secretive(header={"api-key": ["{{openai-key}}"], "x-team": ["blue"]})),
            world(secretive(authorization={"scheme": "Bearer", "parameter": "{{token}}"})),
            world(secretive(query={"code": ["short"]})),
            world(backend("one", proxy={"url": "https://p", "password": "{{proxy-password}}"})),
        ],
        fails=[
            (
                world(secretive(header={"api-key": ["abc"]})),
                "credentials.header.api-key[0] is a literal of 3 characters",
            ),
            (world(secretive(header={"X-Anything": ["0" * 32]})), "header.X-Anything[0] is a literal of 32 characters"),
            (world(secretive(query={"subscription-key": ["abc"]})), "credentials.query.subscription-key[0] is"),
            (world(secretive(authorization={"parameter": "abcdef"})), "credentials.authorization.parameter is"),
            (world(backend("one", proxy={"url": "https://p", "password": "abc"})), "proxy.password is a literal of 3"),
            (world(backend("one", url="https://x/openai?api-key=abc")), "its parameter 'api-key' is a literal of 3"),
            (world(backend("one", url="https://me:secret@x/")), "url holds a password, a literal of 6 characters"),
        ],
        decided=[
            (preview(backend("one", url=UNKNOWN, credentials={"header": {"api-key": ["abc"]}})), "api-key[0] is a"),
            (preview(secretive(header={"api-key": [UNKNOWN, "abc"]})), "credentials.header.api-key[1] is a literal"),
        ],
        undecided=[preview(secretive(header={"api-key": [UNKNOWN]}))],
    ),
    "apim-backend-validates-tls": Case(
        passes=[world(ONE), world(backend("one", tls={"validateCertificateChain": True}))],
        fails=[
            (world(backend("one", tls={"validateCertificateChain": False})), "tls.validateCertificateChain is false"),
            (world(backend("one", tls={"validateCertificateName": False})), "tls.validateCertificateName is false"),
        ],
        decided=[
            (
                preview(
                    backend("one", tls={"validateCertificateChain": UNKNOWN, "validateCertificateName": False}),
                ),
                "tls.validateCertificateName is false",
            )
        ],
        undecided=[preview(backend("one", tls=UNKNOWN))],
    ),
}
