/** What governance, tightener and guardian do in a campaign on Ethereum. */
import { ZeroAddress, dataSlice, parseEther } from "ethers";

import { sequencerKey } from "../../../scripts/lib/localMetis";
import { ZERO_WORD } from "../../../sdk/src/math/vaultBook";
import * as l1 from "../../../sdk/src/simulator/l1";
import { toManager, chance, callerFor, indexOf, type Draw, type Step } from "./l1Draw";

export function pause(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.guardian.address);
  return {
    label: "pause",
    simulate: (at) => l1.pause(at, { caller }),
    sending: toManager(draw, "pause", [], caller),
  };
}

export function unpause(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.governance.address);
  return {
    label: "unpause",
    simulate: (at) => l1.unpause(at, { caller }),
    sending: toManager(draw, "unpause", [], caller),
  };
}

export function setParameters(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.governance.address);
  const recallLimitBps = draw.random.below(1_200n);
  return {
    label: `setParameters ${recallLimitBps}`,
    simulate: (at) => l1.setParameters(at, { caller, recallLimitBps }),
    sending: toManager(draw, "setParameters", [{ recallLimitBps }], caller),
  };
}

export function tightenParameters(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.governance.address);
  const recallLimitBps = draw.random.between(100n, 900n);
  return {
    label: `tightenParameters ${recallLimitBps}`,
    simulate: (at) => l1.tightenParameters(at, { caller, recallLimitBps }),
    sending: toManager(draw, "tightenParameters", [{ recallLimitBps }], caller),
  };
}

/** Mostly the next key of a vault that has none. */
export function configureVault(draw: Draw): Step {
  const { random, state, world, signers } = draw;
  const caller = callerFor(draw, world.governance.address);
  const waiting = state.manager.books.findIndex(({ pubkeyX }) => pubkeyX === ZERO_WORD);
  const index = waiting >= 0 && chance(random, 80n) ? BigInt(waiting) : indexOf(draw);
  const book = state.manager.books[Number(index)];
  const { signer, pubkey } = sequencerKey(`campaign ${chance(random, 10n) ? 0 : signers.length}`);
  if (!signers.includes(signer)) signers.push(signer);
  const fresh = { pubkeyX: dataSlice(pubkey, 0, 32), pubkeyY: dataSlice(pubkey, 32) };
  const isKept = book !== undefined && book.pubkeyX !== ZERO_WORD && chance(random, 60n);
  const operators = [6, 7, 8].map((number) => world.l1.signers[number]!.address);
  const config = {
    operator: chance(random, 3n) ? ZeroAddress : isKept ? book.operator : random.pick(operators),
    commissionBps: random.below(1_600n),
    cap: random.between(parseEther("19000"), parseEther("110000")),
    ...(isKept ? { pubkeyX: book.pubkeyX, pubkeyY: book.pubkeyY } : fresh),
    ...(chance(random, 3n) ? { pubkeyX: ZERO_WORD } : {}),
  };
  return {
    label: `configureVault ${index} for ${signer}`,
    simulate: (at) => l1.configureVault(at, { caller, index, config }),
    sending: toManager(draw, "configureVault", [index, config], caller),
  };
}

export function tightenVault(draw: Draw): Step {
  const { random, state } = draw;
  const caller = callerFor(draw, draw.world.governance.address);
  const index = indexOf(draw);
  const book = state.manager.books[Number(index)];
  const commissionBps = (book?.nextCommissionBps ?? 0n) + random.below(40n) - random.below(20n);
  const cap = ((book?.cap ?? 0n) * random.between(90n, 103n)) / 100n;
  const bps = commissionBps < 0n ? 0n : commissionBps;
  return {
    label: `tightenVault ${index} to ${bps}, ${cap}`,
    simulate: (at) => l1.tightenVault(at, { caller, index, commissionBps: bps, cap }),
    sending: toManager(draw, "tightenVault", [index, bps, cap], caller),
  };
}
