/** Recalls, needs and exits of a campaign on Ethereum. */
import { parseEther } from "ethers";

import { needOf } from "../../../sdk/src/messages";
import * as l1 from "../../../sdk/src/simulator/l1";
import {
  call,
  toManager,
  chance,
  amountUpTo,
  userOf,
  callerFor,
  valueFor,
  indexOf,
  type Draw,
  type Step,
} from "./l1Draw";

export function recall(draw: Draw): Step {
  const { random, state, world } = draw;
  const caller = callerFor(draw, world.keeper.address);
  const limit = (l1.l1Assets(state) * state.manager.parameters.recallLimitBps) / 10_000n;
  const assets = amountUpTo(random, limit) / random.pick([1n, 2n, 4n]);
  const value = valueFor(random, l1.metisFee(state));
  return {
    label: `recall ${assets} with ${value}`,
    simulate: (at) => l1.recall(at, { caller, value, assets }),
    sending: toManager(draw, "recall", [assets], caller, value),
  };
}

export function need(draw: Draw): Step {
  const { random, state, world } = draw;
  const { needNumber, sentToL2 } = state.manager;
  const number = chance(random, 85n) ? needNumber + 1n : random.below(needNumber + 1n);
  const beyond = chance(random, 60n) ? state.manager.idle : 0n;
  const wanted = beyond + random.below(l1.l1Assets(state) + parseEther("1000") - beyond);
  const isReached = chance(random, 10n);
  const target = isReached ? random.below(sentToL2 + 1n) : sentToL2 + wanted / random.pick([1n, 1n, 3n, 20n]);
  const data = call(world.gateway, "transfer", [needOf({ number, target }), 1n]);
  return {
    label: `need ${number} of ${target}`,
    simulate: (at) => l1.needArrives(at, { number, target }),
    sending: { from: world.metis.bridge, to: world.deployment.l1.l1Gateway, data },
  };
}

export function beginExit(draw: Draw): Step {
  const caller = callerFor(draw, draw.world.governance.address);
  const index = indexOf(draw);
  const value = valueFor(draw.random, l1.metisFee(draw.state));
  return {
    label: `beginExit ${index} with ${value}`,
    simulate: (at) => l1.beginExit(at, { caller, value, index }),
    sending: toManager(draw, "beginExit", [index], caller, value),
  };
}

export function beginExitForNeed(draw: Draw): Step {
  const caller = userOf(draw);
  const index = indexOf(draw);
  const value = valueFor(draw.random, draw.random.pick([1n, 2n, 2n, 2n]) * l1.metisFee(draw.state));
  return {
    label: `beginExitForNeed ${index} with ${value}`,
    simulate: (at) => l1.beginExitForNeed(at, { caller, value, index }),
    sending: toManager(draw, "beginExitForNeed", [index], caller, value),
  };
}

export function finishExit(draw: Draw): Step {
  const caller = userOf(draw);
  const index = indexOf(draw);
  const value = valueFor(draw.random, l1.metisFee(draw.state));
  return {
    label: `finishExit ${index} with ${value}`,
    simulate: (at) => l1.finishExit(at, { caller, value, index }),
    sending: toManager(draw, "finishExit", [index], caller, value),
  };
}
