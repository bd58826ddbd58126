"""The pool never leaves its first member."""

from parts import backend, pool, service

apim = service()
pool(apim, [backend("east", apim, circuit_breaker=None), backend("west", apim)])
