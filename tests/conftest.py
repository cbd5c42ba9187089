"""What more than one room's tests share: peers, and how far properties are searched."""

import os

from hypothesis import settings

from tests.peers.supabase import supabase, supabase_peer

__all__ = ["supabase", "supabase_peer"]

# A run of CI says whether the change is good: the same examples each time. Elsewhere new ones are looked for.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "search")
