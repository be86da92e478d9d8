"""Every table and column of a shared archive, and what its stranger reads in it.

A table or a column that is not listed fails the tests: whoever ships a new one says here how it is
attacked, and sees what the attack finds (`tests/stranger.py`, `benchmarks/oracle.py`).
"""

ID = "id"  # of an article, a group, an entry of the codebook, a class: names that are no text
WORDS = "words"  # of a text: `Stranger.read_strings`, and the steps that the table names
PLACE = "place"  # where in an article: sentences, positions and lengths in words
SENTENCE = "sentence"  # a number that follows from one sentence's words: `benchmarks.oracle`
WHOLE = "whole"  # a number of an article or of several, which no one sentence decides
KEYED = "keyed"  # a hash: `Stranger.look_up_hashes`

# table → steps of the stranger that join it with others
READ_BY = {
    "articles": "read_metadata try_digests",
    "sentences": "read_short_sentences read_attributions",
    "ngrams": "look_up_hashes find_twins",
    "terms": "read_row_order measure_words",
    "hits": "cover_entries read_short_sentences",
    "patterns": "cover_entries",
    "scores": "cover_entries",
    "quotes": "read_attributions",
    "credits": "read_credits",
    "mentions": "read_strings",
    "labels": "read_strings",
    "passages": "find_anchors",
    "disagreements": "read_strings find_anchors",
}
OTHERS = "read_strings"  # looks through every table for words
_ROLES = {
    ID: (
        "article_id group a b left right parent child other family cluster passage claim story"
        " affair outlet published author url language title kind entry dictionary actor form voice"
        " construction reason frame name what block by test feature value_kind answer place side"
        " verb_class heard mainly members witnesses segment merge used why_not part"
    ),
    WORDS: "term pattern a_value b_value label speaker description word verb example",
    PLACE: (
        "sentence a_sentence b_sentence paragraph position a_position b_position a_place b_place"
        " n_words n_places a_words b_words n_tokens down unit direct scare quoted start end"
        " a_start a_end b_start b_end"
    ),
    SENTENCE: "quoted_share score n_matched negative neutral positive p rate denies",
    WHOLE: (
        "n_chars n_sentences is_name count n_negated n_articles n_outlets coherence"
        " difference low high n_features weight scale n_imputed share height size stability"
        " topic nearest together z value expected n cut threshold observed chance count_rest"
        " rate_rest log_odds familywise p_adjusted false_discovery n_credits words probability"
        " n_witnesses n_variants confidence in_tree similarity n_matching identity meaning"
        " boilerplate many a_quoted b_quoted a_mark b_mark a_credits_b b_credits_a speech"
        " cosine judged n_tells n_unsure n_omits shrunk rest joint_low joint_high apart"
        " n_places n_direct n_reported direct_words reported_words voice_share voice_low"
        " voice_high unnamed letters commas colons dashes brackets exclamations questions"
        " ellipses digits capitals long_words contractions first_person second_person hedges"
        " boosters modals small_words in_marks pull n_mentions tone signed signed_low"
        " signed_high tone_towards tone_against n_towards n_against n_units"
    ),
    KEYED: "hash sha256",
}
ROLE = {column: role for role, columns in _ROLES.items() for column in columns.split()}
# tables in which a column is another thing, and what these tables are about
ABOUT = {
    "articles": {"n_tokens": WHOLE},
    "masks": {"n_words": WHOLE},
    "claims": {},
    "claim_sentences": {},
    "cluster_apart": {},
    "cluster_blocks": {},
    "cluster_contributions": {},
    "cluster_features": {},
    "cluster_merges": {"p": WHOLE},
    "cluster_nearest": {"p": WHOLE, "nearest": ID},
    "cluster_profile": {},
    "cluster_tests": {"p": WHOLE},
    "cluster_together": {},
    "cluster_topic": {},
    "clusters": {"place": WHOLE},
    "disagreements": {"score": WHOLE},
    "frame_prototypes": {"probability": WHOLE},  # in tenths, by size, of no known sentence
    "keyness_chance": {"p": WHOLE, "n_words": WHOLE},
    "keyness_phrases": {"rate": WHOLE},
    "keyness_tail": {"n_words": WHOLE},
    "missing_names": {},
    "missing_source": {"place": PLACE},
    "missing_stemma": {},
    "missing_variants": {"place": PLACE},
    "passage_sentences": {},
    "passages": {"score": WHOLE, "quoted": WHOLE},
    "similarity": {},
    "stance": {"score": WHOLE, "unit": ID},
    "stance_actors": {},
    "stories": {},
    "story_cells": {},
    "story_claims": {},
    "story_disagreements": {"score": WHOLE},
    "story_topics": {},
    "style": {},
    "tone": {"negative": WHOLE, "neutral": WHOLE, "positive": WHOLE, "unit": ID},
    "tone_course": {},
    "tone_pulls": {},
    "voice_shares": {},
    "voice_unnamed": {},
    "voice_verbs": {},
    "voices": {"n_words": WHOLE},
    **{table: {} for table in READ_BY if table not in ("articles", "passages", "disagreements")},
}
OWN = "articles"  # may have columns of the user's own, which are identifying like the others


def role_of(table, column):
    """What a stranger reads in a column; None where nobody has said."""
    if table not in ABOUT:
        return None
    return ABOUT[table].get(column, ROLE.get(column, ID if table == OWN else None))


def unread(tables):
    """The columns, of tables by name, that no attack reads."""
    return [
        f"{name}.{column}"
        for name, table in tables.items()
        for column in table
        if role_of(name, column) is None
    ]
