"""Which folders the wheel holds and what they are called there; all else about it is in pyproject.toml.

The folders are looked up, since pyproject.toml could only list them one by one once they have other names.
"""

from setuptools import find_packages, setup

SHIPPED = {"apim_ai_gateway": "components", "apim_twin": "twin"}

setup(
    package_dir=SHIPPED,
    packages=[
        ".".join(filter(None, (package, inner)))
        for package, folder in SHIPPED.items()
        for inner in ("", *find_packages(folder))
    ],
)
