"""One question, asked as its answer is given: the verdict with its reason, and what stays hidden until then."""

from streamlit.testing.v1 import AppTest

from pages.ui.predict import Choice, Numbers, Question, Sizes, digest, share_bands


def page() -> None:
    import streamlit as st

    from pages.ui.predict import predict_first, predict_toggle

    on = predict_toggle("t-predict")
    st.session_state["shown"] = predict_first(on, st.session_state["question"])


def asked(question: Question, predict: bool = True) -> AppTest:
    at = AppTest.from_function(page, default_timeout=30)
    at.session_state["question"] = question
    at.session_state["t-predict"] = predict
    at.run()
    assert not at.exception
    return at


SIZE = Question(
    "t-size",
    "How large?",
    Choice(("smaller", "larger"), "larger"),
    "It reads more.",
)


def test_nothing_is_asked_where_predicting_is_off() -> None:
    at = asked(SIZE, predict=False)
    assert at.session_state["shown"]
    assert not at.get("button_group")


def test_a_choice_hides_the_answer_until_one_is_made_and_names_the_right_one() -> None:
    at = asked(SIZE)
    assert not at.session_state["shown"]
    assert at.caption[0].value == "Choose an answer; the result appears then."
    at.get("button_group")[0].set_value("smaller").run()
    assert at.session_state["shown"]
    assert at.error[0].value == "**Not quite: it is larger.** It reads more."
    at.get("button_group")[0].set_value("larger").run()
    assert at.success[0].value == "**Right: larger.** It reads more."
    assert not at.error


def test_another_situation_is_another_question() -> None:
    at = asked(SIZE)
    at.get("button_group")[0].set_value("larger").run()
    at.session_state["question"] = Question("t-size-2", SIZE.text, SIZE.answer, SIZE.reason)
    at.run()
    assert not at.session_state["shown"]
    assert not at.success


def test_numbers_wait_until_all_are_there() -> None:
    at = asked(Question("t-n", "How many?", Numbers({"Rows": 13, "Columns": 14}), "13 × 14."))
    at.number_input("t-n-rows").set_value(13).run()
    assert not at.session_state["shown"]
    at.number_input("t-n-columns").set_value(13).run()
    assert at.error[0].value == "**Not quite.** 13 × 14."
    at.number_input("t-n-columns").set_value(14).run()
    assert at.success[0].value == "**Right.** 13 × 14."


def test_a_question_with_a_hint_is_asked_until_it_is_right() -> None:
    at = asked(Question("t-s", "What comes out?", Sizes("Output shape", (32, 28, 28)), "it is so", "28 = ?"))
    at.text_input("t-s").set_value("32×30×30").run()
    assert not at.session_state["shown"]
    assert at.markdown[-1].value.endswith("**Not yet.** 28 = ?")
    at.text_input("t-s").set_value("32, 28 x 28").run()
    assert at.session_state["shown"]
    assert at.markdown[-1].value.endswith("**Right.** it is so")


def test_what_is_near_enough() -> None:
    value = Numbers({"Value": -1.5}, 0.075)
    assert value.accepts({"Value": -1.43})
    assert not value.accepts({"Value": -1.4})
    assert not value.accepts("−1.5")
    assert not Sizes("Shape", (2, 3)).accepts("3×2")


def test_shares_lie_in_quarters() -> None:
    assert share_bands(0.0).right == "less than 25\u00a0%"
    assert share_bands(0.25).right == "25 to 50\u00a0%"
    assert share_bands(1.0).right == "more than 75\u00a0%"


def test_a_key_is_the_same_in_every_session() -> None:
    assert digest("size", (3, 3), b"\x00\x01") == "72b296a08b40"
    assert digest("size", (3, 3), b"\x00\x02") != digest("size", (3, 3), b"\x00\x01")
