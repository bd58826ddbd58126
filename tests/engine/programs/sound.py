"""Nothing is wrong here."""

from parts import api, backend, policy, pool, service

apim = service()
two = pool(apim, [backend("east", apim), backend("west", apim)])
policy(apim, api(apim), two)
