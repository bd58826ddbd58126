"""The second attempt is sent without the prompt."""

from parts import SENT, api, backend, policy, pool, service

apim = service()
two = pool(apim, [backend("east", apim), backend("west", apim)])
policy(apim, api(apim), two, sent=SENT.replace('buffer-request-body="true" ', ""))
