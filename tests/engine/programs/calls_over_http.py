"""Prompts travel in the clear."""

from parts import backend, service

backend("east", service(), url="http://east.example/openai")
