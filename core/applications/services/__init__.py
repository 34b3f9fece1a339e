"""The rules of applications. No function commits or knows the web; each takes the actor first."""
