"""What setup.cfg cannot say: three folders of the tree become folders of the package `core` in a wheel."""

from pathlib import Path

from setuptools import find_namespace_packages, setup

INSIDE_CORE = [name for name in ("migrations", "templates", "translations") if Path(name).is_dir()]

setup(
    packages=[
        *find_namespace_packages(include=["core", "core.*", "plugins", "plugins.*"], exclude=["*.__pycache__"]),
        *(f"core.{folder}" for folder in INSIDE_CORE),
    ],
    package_dir={f"core.{folder}": folder for folder in INSIDE_CORE},
)
