"""A region that is down answers 503, and nothing takes its account out of the pool."""

from parts import backend, breaker, pool, service

apim = service()
pool(apim, [backend("east", apim, circuit_breaker=breaker((429, 429))), backend("west", apim)])
