"""The rules of the follow-up. No function commits or knows the web; each takes the actor first."""
