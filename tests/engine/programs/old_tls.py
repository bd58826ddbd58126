"""A protocol that was broken years ago is switched on."""

from parts import service

service(custom_properties={"Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10": "true"})
