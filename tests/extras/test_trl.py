"""The TRL door: the real `GRPOTrainer` with GDPO over the real world, three steps on a tiny random model.

Generation is scripted, since a random model writes no tool call; everything behind it is TRL's own.
"""

import asyncio
import json
import os
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

os.environ |= {"TRL_EXPERIMENTAL_SILENCE": "1", "HF_HUB_OFFLINE": "1"}

import torch
from datasets import Dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM
from transformers.utils import get_json_schema
from trl import GRPOConfig, GRPOTrainer
from trl.chat_template_utils import qwen3_chat_template

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.facts.scenario import ATTRIBUTION_FIELDS
from opensec_inspect.incident.generate.plans import plan_of
from opensec_inspect.training.curriculum import flat
from opensec_inspect.training.edge.sft import tools_as_json
from opensec_inspect.training.edge.trl import CaseTools, reward_functions, reward_weights, rows
from opensec_inspect.training.profiles import PROFILES, price
from tests.strategies import made

CASES = (made("one"), made("one", "stand_down"))
REPORT = dict.fromkeys(ATTRIBUTION_FIELDS, "none") | {"verdict": "benign", "confidence": 0.5, "summary": ""}
SPECIAL = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes as tokens, with Qwen's chat template: nothing is downloaded."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    bytes_ = Tokenizer(models.BPE(vocab={sign: n for n, sign in enumerate(alphabet)}, merges=[]))
    bytes_.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    bytes_.decoder = decoders.ByteLevel()
    made_ = PreTrainedTokenizerFast(
        tokenizer_object=bytes_, eos_token="<|im_end|>", pad_token="<|endoftext|>", padding_side="left"
    )
    made_.add_special_tokens({"additional_special_tokens": list(SPECIAL)})
    made_.chat_template = qwen3_chat_template
    return made_


def tiny(vocabulary: PreTrainedTokenizerFast) -> Qwen3ForCausalLM:
    """One layer, random weights."""
    torch.manual_seed(1)
    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(vocabulary),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=1,
            num_key_value_heads=1,
            head_dim=16,
            max_position_embeddings=65_536,
            eos_token_id=vocabulary.eos_token_id,
            pad_token_id=vocabulary.pad_token_id,
        )
    )


def called(name: str, **arguments: Any) -> str:
    """A tool call as Qwen writes it."""
    return f"<tool_call>\n{json.dumps({'name': name, 'arguments': arguments})}\n</tool_call>"


class Scripted(GRPOTrainer):  # type: ignore[misc]
    """The trainer, with what the model would write given by `_script`."""

    turns = 0

    def _generate_single_turn(self, prompt_ids: list[list[int]], *_: Any, **__: Any) -> tuple[Any, None]:
        written = [self._script(self.processing_class.decode(ids), n) for n, ids in enumerate(prompt_ids)]
        self.turns += 1
        return [self.processing_class.encode(text, add_special_tokens=False) for text in written], None

    def _script(self, said: str, number: int) -> str:
        answered = said.count("<tool_response>")
        if answered == 0:
            return called("query_logs", sql="SELECT RuleName FROM alerts LIMIT 1") + "<|im_end|>"
        if answered == 1 and number % 2:
            return (
                called("query_logs", sql="SELECT 1") + "\n" + called("submit_report", **REPORT) + "<|im_end|>"
            )
        return "Enough.<|im_end|>"


@pytest.mark.slow
def test_three_steps_of_grpo_with_normalised_parts_run_and_have_gradients(tmp_path: Path) -> None:
    words = tokenizer()
    data = Dataset.from_list(rows(islice(flat(CASES), 2)))
    config = GRPOConfig(
        output_dir=str(tmp_path),
        max_steps=3,
        per_device_train_batch_size=4,
        num_generations=4,
        max_completion_length=4000,
        learning_rate=1e-3,
        logging_steps=1,
        report_to=[],
        save_strategy="no",
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        multi_objective_aggregation="normalize_then_sum",
        reward_weights=reward_weights("calibrated"),
        max_tool_calling_iterations=4,
    )
    trainer = Scripted(
        model=tiny(words),
        processing_class=words,
        reward_funcs=reward_functions("calibrated"),
        args=config,
        train_dataset=data,
        environment_factory=CaseTools,
    )

    trainer.train()

    logged = [entry for entry in trainer.state.log_history if "grad_norm" in entry]
    assert len(logged) == 3
    assert any(entry["grad_norm"] > 0 for entry in logged)
    assert all(entry["tools/call_frequency"] > 0 for entry in logged)
    named = {key.split("/")[1] for entry in logged for key in entry if key.startswith("rewards/")}
    assert named >= set(PROFILES["calibrated"].weights())
    assert all(env._rollout.over for pool in trainer._environment_pool.values() for env in pool)


def test_the_tools_are_those_of_the_task_word_for_word() -> None:
    for tool in tools_as_json():
        schema = get_json_schema(getattr(CaseTools(), tool["function"]["name"]))["function"]

        assert schema["description"].split() == tool["function"]["description"].split()
        told = tool["function"]["parameters"]["properties"]
        assert schema["parameters"]["properties"].keys() == told.keys()
        for name, one in schema["parameters"]["properties"].items():
            assert one["description"].split() == told[name]["description"].split()


async def test_an_episode_earns_what_it_earns_in_direct_play() -> None:
    (row,) = rows(islice(flat(CASES[:1]), 1))
    env = CaseTools()
    env.reset(**row)
    plan = plan_of(CASES[0])

    for call in plan:
        await getattr(env, call.tool)(**call.arguments)

    direct = price(env._rollout.episode, "calibrated")
    for function in reward_functions("calibrated"):
        assert function([""], [""], environments=[env], stage=[3]) == [direct.parts[function.__name__]]
    assert [step.turn for step in env._rollout.episode.steps] == list(range(1, len(plan) + 1))


async def test_calls_of_one_message_share_a_turn() -> None:
    (row,) = rows(islice(flat(CASES[:1]), 1))
    env = CaseTools()
    env.reset(**row)

    await asyncio.gather(*(env.query_logs(sql="SELECT 1") for _ in range(3)))
    await env.query_logs(sql="SELECT 2")

    assert [step.turn for step in env._rollout.episode.steps] == [1, 1, 1, 2]
    env._shut()


def test_an_episode_that_was_left_is_idled_out_before_it_is_scored_and_closed() -> None:
    (row,) = rows(islice(flat(CASES[:1]), 1))
    env = CaseTools()
    env.reset(**row)

    missed = next(f for f in reward_functions("calibrated") if f.__name__ == "missed")
    paid = missed([""], [""], environments=[env])

    assert paid == [-1.0]
    assert len(env._rollout.episode.steps) == CASES[0].max_steps


def test_a_part_that_a_stage_does_not_pay_is_left_out_of_its_group() -> None:
    (row,) = rows(islice(flat(CASES[:1]), 1))
    env = CaseTools()
    env.reset(**row)
    missed = next(f for f in reward_functions("staged") if f.__name__ == "missed")

    assert missed([""], [""], environments=[env], stage=[1]) == [None]
    assert missed([""], [""], environments=[env], stage=[2]) == [-1.0]


async def test_an_environment_that_was_not_reset_says_what_the_data_set_needs() -> None:
    with pytest.raises(BadInputError, match="the data set needs the columns of `rows`"):
        CaseTools().reset(split="train")
    with pytest.raises(BadInputError, match="The environment was not reset"):
        await CaseTools().query_logs(sql="SELECT 1")


def test_rows_hold_the_prompt_and_the_case() -> None:
    (row,) = rows(islice(flat(CASES[:1]), 1))

    assert [message["role"] for message in row["prompt"]] == ["system", "user"]
    assert Setting.model_validate_json(row["setting"]).injection_tier == CASES[0].injection_tier
