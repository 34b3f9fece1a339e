"""ODK Central: on the table of rows, and not to be had here."""

NAME = "ODK Central"
REASON = "it is published as source and container images, not as a package that npm or pip can install"
