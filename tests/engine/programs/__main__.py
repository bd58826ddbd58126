"""Runs the program of this folder that the configuration names."""

import importlib

import pulumi

importlib.import_module(pulumi.Config("apim-ai-gateway").require("program"))
