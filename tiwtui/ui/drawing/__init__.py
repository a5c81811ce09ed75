"""Drawing helpers that know no task."""
