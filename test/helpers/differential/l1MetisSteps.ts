/** What Metis does in a campaign on Ethereum. */
import { parseEther } from "ethers";

import * as l1 from "../../../sdk/src/simulator/l1";
import { toPool, toInfo, chance, valueFor, type Draw, type Step } from "./l1Draw";

export function submitRewards(draw: Draw): Step {
  const { random, state, world, signers } = draw;
  const running = state.pool.positions.filter(({ status }) => status !== 3n).map(({ signer }) => signer);
  const all = chance(random, 5n) ? [...running, ...signers] : running;
  const chosen = all.filter(() => chance(random, 60n));
  const batch = chosen.map((signer) => ({ signer, blocks: random.below(30_000n) }));
  const { currentBatch } = state.pool;
  const startEpoch = 2n * (currentBatch - 1n) + 1n;
  const addresses = batch.map(({ signer }) => signer);
  const blocks = batch.map((one) => one.blocks);
  return {
    label: `rewards ${blocks.join(", ")} in batch ${currentBatch} (${world.variant})`,
    simulate: (at) => l1.submitRewards(at, batch),
    sending: toPool(draw, "batchSubmitRewards", [currentBatch + 1n, startEpoch, startEpoch + 1n, addresses, blocks]),
  };
}

export function forceUnlock(draw: Draw): Step {
  const { random, state } = draw;
  const ours = state.manager.books.map(({ sequencerId }) => sequencerId);
  const sequencerId = random.pick([...ours, BigInt(state.pool.positions.length) + 1n]);
  const value = valueFor(random, l1.metisFee(state));
  return {
    label: `forceUnlock ${sequencerId} with ${value}`,
    simulate: (at) => l1.forceUnlock(at, { sequencerId, value }),
    sending: toPool(draw, "forceUnlock", [sequencerId, 250_000n], value),
  };
}

export function setWhitelist(draw: Draw): Step {
  const { random, state, world } = draw;
  const left = world.vaultAddresses.find((vault) => state.pool.whitelist[vault] !== true);
  const isRestored = left !== undefined && chance(random, 75n);
  const owner = isRestored ? left : random.pick(world.vaultAddresses);
  const isWhitelisted = isRestored || chance(random, 30n);
  return {
    label: `setWhitelist ${owner} ${isWhitelisted}`,
    simulate: (at) => l1.setWhitelist(at, { owner, isWhitelisted }),
    sending: toPool(draw, "setWhitelist", [owner, isWhitelisted]),
  };
}

export function setPoolPaused(draw: Draw): Step {
  const { random, state } = draw;
  const isPaused = state.pool.isPaused ? chance(random, 10n) : chance(random, 40n);
  return {
    label: `setPoolPaused ${isPaused}`,
    simulate: (at) => l1.setPoolPaused(at, isPaused),
    sending: toPool(draw, "setPause", [isPaused]),
  };
}

export function setMinLock(draw: Draw): Step {
  const { random } = draw;
  const minLock = chance(random, 10n) ? 0n : random.between(parseEther("10000"), parseEther("24000"));
  return {
    label: `setMinLock ${minLock}`,
    simulate: (at) => l1.setMinLock(at, minLock),
    sending: toInfo(draw, "setMinLock", [minLock]),
  };
}

export function setMaxLock(draw: Draw): Step {
  const maxLock = draw.random.between(parseEther("18000"), parseEther("120000"));
  return {
    label: `setMaxLock ${maxLock}`,
    simulate: (at) => l1.setMaxLock(at, maxLock),
    sending: toInfo(draw, "setMaxLock", [maxLock]),
  };
}

/** Mostly the one who can pay. */
export function setRewardPayer(draw: Draw): Step {
  const payer = chance(draw.random, 80n) ? draw.world.governance.address : draw.world.keeper.address;
  return {
    label: `setRewardPayer ${payer}`,
    simulate: (at) => l1.setRewardPayer(at, payer),
    sending: toInfo(draw, "setRewardPayer", [payer]),
  };
}

/** A loss, an amount that cannot be, its end, or a position worked in this very batch. */
export function writePosition({ random, state }: Draw): Step {
  const ids = state.manager.books.map((book) => book.sequencerId).filter((id) => id !== 0n);
  const hidden = ids.find((id) => (state.pool.positions[Number(id) - 1]?.amount ?? 0n) >= absurd);
  const sequencerId = hidden !== undefined && chance(random, 80n) ? hidden : random.pick([...ids, 1n]);
  const { amount, updatedBatch } = state.pool.positions[Number(sequencerId) - 1]!;
  const lost = amount - random.below(amount / 50n + 1n);
  const shown = chance(random, 25n) ? amount + absurd : lost;
  const change = amount >= absurd ? { amount: amount - absurd } : { amount: shown };
  const isBatch = chance(random, 20n);
  const batch = updatedBatch > state.pool.currentBatch ? updatedBatch : state.pool.currentBatch;
  const write = isBatch ? { word: 3n, value: batch } : { word: 0n, value: change.amount };
  return {
    label: `position ${sequencerId}, word ${write.word}: ${write.value}`,
    simulate: (at) => {
      const after = l1.writePosition(at, sequencerId, isBatch ? { updatedBatch: batch } : change);
      return { type: "done", state: after, output: null, events: [] };
    },
    sending: { sequencerId, ...write },
  };
}

const absurd = 2n ** 88n;
