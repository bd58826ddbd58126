"""Anybody may call the API: no key is asked for, and no policy validates a token."""

from parts import api, backend, policy, pool, service

apim = service()
two = pool(apim, [backend("east", apim), backend("west", apim)])
policy(apim, api(apim, subscription_required=False), two)
