/** What anybody does in a campaign on Ethereum: each with arguments drawn from what is, valid and not. */
import { MaxUint256, ZeroAddress, parseEther } from "ethers";

import * as l1 from "../../../sdk/src/simulator/l1";
import {
  call,
  toManager,
  toMetis,
  chance,
  amountUpTo,
  userOf,
  valueFor,
  indexOf,
  type Draw,
  type Step,
} from "./l1Draw";

export function mint(draw: Draw): Step {
  const { random, world } = draw;
  const to = userOf(draw);
  const assets = random.below(parseEther("50000"));
  return {
    label: `mint ${assets}`,
    simulate: (state) => l1.mintMetis(state, { to, assets }),
    sending: toMetis(draw, "mint", [to, assets], world.governance.address),
  };
}

export function approve(draw: Draw): Step {
  const { random, state, world } = draw;
  const caller = userOf(draw);
  const isToNobody = chance(random, 5n);
  const spender = isToNobody ? ZeroAddress : world.deployment.l1.lockManager;
  const assets = chance(random, 85n) ? MaxUint256 : amountUpTo(random, l1.metisOf(state, caller));
  return {
    label: `approve ${assets}`,
    simulate: (at) => l1.approveMetis(at, { caller, spender, assets }),
    sending: toMetis(draw, "approve", [spender, assets], caller),
  };
}

export function transfer(draw: Draw): Step {
  const { random, state, world } = draw;
  const caller = userOf(draw);
  const { lockManager, l1Gateway } = world.deployment.l1;
  const to = random.pick([lockManager, l1Gateway, ...world.vaultAddresses, ...world.users, ZeroAddress]);
  const assets = amountUpTo(random, l1.metisOf(state, caller)) / random.pick([1n, 1n, 100n, 100n, 100n]);
  return {
    label: `transfer ${assets} to ${to}`,
    simulate: (at) => l1.transferMetis(at, { caller, to, assets }),
    sending: toMetis(draw, "transfer", [to, assets], caller),
  };
}

export function arrival(draw: Draw): Step {
  const { random, world } = draw;
  const caller = world.metis.bridge;
  const to = world.deployment.l1.lockManager;
  const assets = random.below(parseEther("20000"));
  return {
    label: `arrival of ${assets}`,
    simulate: (at) => l1.transferMetis(at, { caller, to, assets }),
    sending: toMetis(draw, "transfer", [to, assets], caller),
  };
}

export function deposit(draw: Draw): Step {
  const { random, state, world } = draw;
  const caller = userOf(draw);
  const kind = random.below(40n);
  const huge = random.pick([2n ** 88n, 2n ** 96n, MaxUint256]);
  const usual = amountUpTo(random, l1.metisOf(state, caller)) / random.pick([1n, 5n, 10n, 50n]);
  const assets = kind === 0n ? huge : kind === 1n ? random.below(l1.MIN_DEPOSIT) : usual;
  const receiver = kind === 2n ? ZeroAddress : random.pick([...world.users, world.keeper.address]);
  const isStaked = chance(random, 50n);
  const value = valueFor(random, l1.messageFee(state));
  return {
    label: `deposit ${assets} with ${value}`,
    simulate: (at) => l1.deposit(at, { caller, value, assets, receiver, isStaked }),
    sending: toManager(draw, "deposit", [assets, receiver, isStaked], caller, value),
  };
}

export function sync(draw: Draw): Step {
  const caller = userOf(draw);
  return {
    label: "sync",
    simulate: (at) => l1.sync(at, { caller }),
    sending: toManager(draw, "sync", [], caller),
  };
}

export function report(draw: Draw): Step {
  const caller = userOf(draw);
  const value = valueFor(draw.random, l1.messageFee(draw.state));
  return {
    label: `report with ${value}`,
    simulate: (at) => l1.report(at, { caller, value }),
    sending: toManager(draw, "report", [], caller, value),
  };
}

export function resend(draw: Draw): Step {
  const { random, state } = draw;
  const caller = userOf(draw);
  const number = random.below(state.manager.lastMessage + 2n);
  const value = valueFor(random, l1.messageFee(state));
  return {
    label: `resend ${number} with ${value}`,
    simulate: (at) => l1.resend(at, { caller, value, number }),
    sending: toManager(draw, "resend", [number], caller, value),
  };
}

export function allocate(draw: Draw): Step {
  const caller = userOf(draw);
  return {
    label: "allocate",
    simulate: (at) => l1.allocate(at, { caller }),
    sending: toManager(draw, "allocate", [], caller),
  };
}

export function harvest(draw: Draw): Step {
  const caller = userOf(draw);
  const value = valueFor(draw.random, draw.random.below(5n) * l1.metisFee(draw.state));
  return {
    label: `harvest with ${value}`,
    simulate: (at) => l1.harvest(at, { caller, value }),
    sending: toManager(draw, "harvest", [], caller, value),
  };
}

export function recallForNeed(draw: Draw): Step {
  const caller = userOf(draw);
  const value = valueFor(draw.random, l1.metisFee(draw.state));
  return {
    label: `recallForNeed with ${value}`,
    simulate: (at) => l1.recallForNeed(at, { caller, value }),
    sending: toManager(draw, "recallForNeed", [], caller, value),
  };
}

export function sweepVault(draw: Draw): Step {
  const caller = userOf(draw);
  const index = indexOf(draw);
  return {
    label: `sweepVault ${index}`,
    simulate: (at) => l1.sweepVault(at, { caller, index }),
    sending: toManager(draw, "sweepVault", [index], caller),
  };
}

export function sweepGateway(draw: Draw): Step {
  const caller = userOf(draw);
  const { world } = draw;
  return {
    label: "sweepGateway",
    simulate: (at) => l1.sweepGateway(at, { caller }),
    sending: { from: caller, to: world.deployment.l1.l1Gateway, data: call(world.gateway, "sweep", []) },
  };
}

export function payCommission(draw: Draw): Step {
  const caller = userOf(draw);
  const index = indexOf(draw);
  return {
    label: `payCommission ${index}`,
    simulate: (at) => l1.payCommission(at, { caller, index }),
    sending: toManager(draw, "payCommission", [index], caller),
  };
}
