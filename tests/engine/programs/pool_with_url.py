"""The pool has an address of its own, one of its members'."""

from parts import backend, pool, service

apim = service()
east, west = backend("east", apim), backend("west", apim)
pool(apim, [east, west], url=east.url, protocol="http")
