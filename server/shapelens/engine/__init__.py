"""Time: which statements are interpreted when, and what that found out, at places of the document."""
