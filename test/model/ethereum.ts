import { BPS, max, min, saturatingSub } from "../../sdk/src/math/integers";
import { EXIT_DELAY, LOSS_STOP, MINIMUM, emptyPosition, mark, parameters, type Protocol, type Vault } from "./state";

/** The operator's part of `reward`, wei; rounded down. */
export function commissionOf(reward: bigint): bigint {
  return (reward * parameters.commissionBps) / BPS;
}

/** Locked + unclaimed rewards + idle − owed to operators, as last read; wei. Negative when operators are owed more. */
export function l1Assets({ l1, rules }: Protocol): bigint {
  const inVaults = l1.vaults.reduce(
    (sum, { principal, reward }) => sum + principal + reward - commissionOf(reward),
    0n,
  );
  const assets = l1.idle + inVaults - l1.owed;
  return rules.hasSignedL1Assets ? assets : max(0n, assets);
}

/** Books arrivals and reads every vault that can be read. */
export function sync(protocol: Protocol): void {
  const { l1 } = protocol;
  l1.receivedFromL2 += l1.held - l1.idle;
  l1.idle = l1.held;
  l1.vaults.forEach((vault, index) => {
    if (vault.isReadable) readVault(protocol, vault, index);
  });
}

/** Takes `assets` wei for a receiver on Metis. */
export function depositOnL1(protocol: Protocol, assets: bigint): boolean {
  const { l1, truth, now } = protocol;
  sync(protocol);
  if (assets < MINIMUM || (l1.lossSeenAt !== undefined && now < l1.lossSeenAt + LOSS_STOP)) return false;
  l1.held += assets;
  l1.idle += assets;
  l1.l1Deposits += assets;
  truth.deposited += assets;
  send(protocol, { type: "l1Deposit", assets, runningTotal: l1.l1Deposits });
  return true;
}

/** Locks `assets` wei of idle METIS, beyond what operators are owed, in vault `index`. */
export function lock(protocol: Protocol, index: number, assets: bigint): boolean {
  const { l1 } = protocol;
  sync(protocol);
  const vault = workingVault(protocol, index);
  const amount = min(assets, saturatingSub(l1.idle, l1.owed));
  if (vault === undefined || vault.phase === "exiting" || amount === 0n) return false;
  l1.held -= amount;
  l1.idle -= amount;
  vault.phase = "active";
  vault.principal += amount;
  vault.position.amount += amount;
  return true;
}

/** Locks the reward of vault `index` (`compound`) or sends it to Metis (`bridge`). */
export function harvest(protocol: Protocol, index: number, how: "compound" | "bridge"): boolean {
  sync(protocol);
  const vault = workingVault(protocol, index);
  if (vault?.phase !== "active" || vault.reward === 0n) return false;
  const reward = takeReward(protocol, vault);
  if (how === "bridge") return sendReward(protocol, reward);
  vault.principal += reward;
  vault.position.amount += reward;
  return true;
}

/** Takes up to `assets` wei out of vault `index`. */
export function withdraw(protocol: Protocol, index: number, assets: bigint): boolean {
  const { l1 } = protocol;
  sync(protocol);
  const vault = workingVault(protocol, index);
  if (vault?.phase !== "active") return false;
  const amount = min(assets, vault.principal);
  vault.principal -= amount;
  vault.position.amount -= amount;
  l1.held += amount;
  l1.idle += amount;
  return amount > 0n;
}

/** Sends up to `assets` wei of idle METIS down, after what operators are owed. */
export function sendDown(protocol: Protocol, assets: bigint): boolean {
  const { l1, bridge } = protocol;
  sync(protocol);
  const amount = min(assets, saturatingSub(l1.idle, l1.owed));
  if (amount === 0n) return false;
  l1.held -= amount;
  l1.idle -= amount;
  l1.sentToL2 += amount;
  bridge.down.push(amount);
  return true;
}

/** Begins the exit of vault `index`; its reward goes to Metis. */
export function beginExit(protocol: Protocol, index: number): boolean {
  sync(protocol);
  const vault = workingVault(protocol, index);
  if (vault?.phase !== "active") return false;
  if (vault.reward > 0n) sendReward(protocol, takeReward(protocol, vault));
  vault.phase = "exiting";
  vault.position.isUnlocked = true;
  vault.position.claimableAt = protocol.now + EXIT_DELAY;
  return true;
}

/** Ends the exit of vault `index`: principal to LockManager, a late reward to Metis. */
export function finishExit(protocol: Protocol, index: number): boolean {
  const { l1, now } = protocol;
  sync(protocol);
  const vault = workingVault(protocol, index);
  if (vault?.phase !== "exiting" || now < vault.position.claimableAt) return false;
  if (vault.reward > 0n) sendReward(protocol, takeReward(protocol, vault));
  l1.held += vault.position.amount;
  l1.idle += vault.position.amount;
  vault.principal = 0n;
  vault.phase = "waiting";
  vault.position = emptyPosition();
  mark(protocol, "exit finished");
  return true;
}

/** Books METIS that was sent to vault `index` as profit. */
export function sweepVault(protocol: Protocol, index: number): boolean {
  const { l1 } = protocol;
  sync(protocol);
  const vault = vaultAt(protocol, index);
  l1.held += vault.surplus;
  l1.idle += vault.surplus;
  vault.surplus = 0n;
  return true;
}

/** Pays operators what they are owed, as far as idle METIS goes. */
export function payCommission(protocol: Protocol): boolean {
  const { l1, truth } = protocol;
  sync(protocol);
  const amount = min(l1.owed, l1.idle);
  l1.owed -= amount;
  l1.held -= amount;
  l1.idle -= amount;
  truth.commissions += amount;
  return amount > 0n;
}

/** Reads all vaults and sends a report down. */
export function report(protocol: Protocol): boolean {
  const { l1, now } = protocol;
  sync(protocol);
  const readAt = l1.vaults.reduce((oldest, vault) => min(oldest, vault.isReadable ? now : vault.readAt), now);
  const { receivedFromL2, sentToL2, l1Deposits } = l1;
  send(protocol, {
    type: "report",
    report: { takenAt: now, l1Assets: l1Assets(protocol), receivedFromL2, sentToL2, l1Deposits },
    readAt,
  });
  return true;
}

/** Sends the hash of message `number` down again. */
export function resend(protocol: Protocol, number: number): boolean {
  if (number < 1 || number > protocol.l1.messages.length) return false;
  protocol.bridge.hashes.push({ number, sentAt: protocol.now });
  return true;
}

/** Metis unlocks vault `index` and pays the reward to L2 without calling us. */
export function forceUnlock(protocol: Protocol, index: number): boolean {
  const { position } = vaultAt(protocol, index);
  if (position.amount === 0n || position.isUnlocked) return false;
  if (position.reward > 0n) protocol.bridge.down.push(position.reward);
  position.reward = 0n;
  position.isUnlocked = true;
  position.claimableAt = protocol.now + EXIT_DELAY;
  return true;
}

/** A batch of Metis credits `assets` wei of reward, to a vault that exits too. */
export function creditReward(protocol: Protocol, index: number, assets: bigint): boolean {
  const { position } = vaultAt(protocol, index);
  if (position.amount === 0n) return false;
  position.reward += assets;
  protocol.truth.rewarded += assets;
  return true;
}

/** Up to `assets` wei of the principal of vault `index` are gone. */
export function lose(protocol: Protocol, index: number, assets: bigint): boolean {
  const { truth, now } = protocol;
  const { position } = vaultAt(protocol, index);
  const amount = min(assets, position.amount);
  if (amount === 0n) return false;
  position.amount -= amount;
  truth.lost += amount;
  truth.losses.push({ at: now, vault: index, assets: amount, knownFrom: undefined });
  return true;
}

function readVault(protocol: Protocol, vault: Vault, index: number): void {
  const { l1, truth, now } = protocol;
  const { position } = vault;
  if (position.isUnlocked && vault.phase === "active") {
    vault.phase = "exiting";
    l1.owed += commissionOf(vault.reward);
    if (protocol.rules.booksForcedReward) l1.sentToL2 += vault.reward;
    mark(protocol, "forced exit seen");
  }
  if (position.amount < vault.principal) {
    l1.lossSeenAt = now;
    for (const loss of truth.losses) {
      if (loss.vault === index) loss.knownFrom ??= l1.messages.length + 1;
    }
  }
  vault.principal = position.amount;
  vault.reward = position.reward;
  vault.readAt = now;
}

/** Takes the reward out of `vault`; the commission on it is owed from now on. */
function takeReward({ l1 }: Protocol, vault: Vault): bigint {
  const { reward } = vault;
  l1.owed += commissionOf(reward);
  vault.reward = 0n;
  vault.position.reward = 0n;
  return reward;
}

function sendReward({ l1, bridge }: Protocol, reward: bigint): boolean {
  l1.sentToL2 += reward;
  bridge.down.push(reward);
  return true;
}

function send(protocol: Protocol, payload: Protocol["l1"]["messages"][number]): void {
  protocol.l1.messages.push(payload);
  resend(protocol, protocol.l1.messages.length);
}

function vaultAt({ l1 }: Protocol, index: number): Vault {
  const vault = l1.vaults[index];
  if (vault === undefined) throw new RangeError(`No vault ${index}.`);
  return vault;
}

/** Vault `index`, or `undefined` while LockingPool refuses every call on it. */
function workingVault(protocol: Protocol, index: number): Vault | undefined {
  const vault = vaultAt(protocol, index);
  return vault.isReadable ? vault : undefined;
}
