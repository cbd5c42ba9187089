"""The peers that more than one room's tests talk to."""

from tests.peers.supabase import supabase, supabase_peer

__all__ = ["supabase", "supabase_peer"]
