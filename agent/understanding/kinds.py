"""Types of slots that understanding treats alike."""

from __future__ import annotations

LATER = frozenset({"person_name", "address"})
"""Types of which half a value, spoken of in passing, is kept until their turn comes."""
CLOSED = frozenset({"choice", "multi_choice", "errand", "representation"})
"""Types whose answers are a closed set."""
OVERLAPPING = CLOSED | {"yes_no"}
"""The words that chose an option may hold other facts too ("looking for a *three-bedroom house*")."""
KEYED_TYPES = CLOSED | {
    *("phone", "code", "integer", "money", "money_range", "date", "time", "percent", "timezone", "areas")
}
COUNTING = frozenset(
    (
        "money",
        "money_range",
        "integer",
        "percent",
        "weekly_hours",
        "timeline",
        "date",
        "time",
        "areas",
        "code",
    )
)
"""Types that read numbers which are not telephone numbers."""
SUMS = frozenset({"money", "money_range", "integer", "percent", "phone"})
"""Types to which "Tuesday at two" tells no number."""
UNPROMPTED = frozenset(
    {"organization", "person_name", "email", "text", "role_title", "address", "yes_no", "url"}
)
"""Types that almost any words could be: from a summary they change only by name, by cue or with a "no"."""
