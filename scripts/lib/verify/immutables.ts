/** The value that every immutable must have: it follows from the records, Metis's addresses and the chain ids. */
import {
  TypedDataEncoder,
  encodeBytes32String,
  getBytes,
  getCreateAddress,
  hexlify,
  id,
  toBeHex,
  zeroPadValue,
} from "ethers";

import { type Truth, implementationOf } from "./truth";

/** Values by the names of the immutables, as words. */
export type Immutables = ReadonlyMap<string, string>;

/** A contract's first creation; LockManager's constructor creates its second half. */
const firstNonce = 1;
/** eMetis has as many decimals as METIS. */
const decimals = 18n;
/** The version of the tokens' EIP-712 domain. */
const domainVersion = "1";

/** Where LockManager's second half is. */
export function vaultOperationsOf({ records }: Pick<Truth, "records">): string {
  return getCreateAddress({ from: implementationOf(records, "LockManager"), nonce: firstNonce });
}

/** The immutables of each contract on Ethereum, by its artifact's name. */
export function l1Immutables(truth: Truth): Readonly<Record<string, Immutables>> {
  const { records, external, chainIds } = truth;
  const ledger = {
    METIS: external.metis,
    LOCKING_POOL: external.lockingPool,
    L1_GATEWAY: records.L1Gateway.address,
  };
  return {
    AccessManager: words({}),
    UpgradeableBeacon: words({}),
    ERC1967Proxy: words({}),
    SequencerVault: words({
      METIS: external.metis,
      LOCKING_POOL: external.lockingPool,
      LOCK_MANAGER: records.LockManager.address,
    }),
    VaultOperations: words(ledger),
    LockManager: words({
      ...ledger,
      __self: implementationOf(records, "LockManager"),
      OPERATIONS: vaultOperationsOf(truth),
      VAULT_BEACON: records.VaultBeacon.address,
    }),
    L1Gateway: words({
      __self: implementationOf(records, "L1Gateway"),
      LOCK_MANAGER: records.LockManager.address,
      METIS: external.metis,
      BRIDGE: external.bridge,
      L2_CHAIN_ID: chainIds.l2,
    }),
  };
}

/** The immutables of each contract on Metis, by its artifact's name. */
export function l2Immutables({ records, chainIds }: Truth): Readonly<Record<string, Immutables>> {
  const { EMetis, SEMetis, StakingPool, RedemptionQueue, L2Gateway } = records;
  const tokens = { EMETIS: EMetis.address, SEMETIS: SEMetis.address };
  return {
    AccessManager: words({}),
    ERC1967Proxy: words({}),
    EMetis: words({
      ...domainOf("eMetis", EMetis.address, chainIds.l2),
      STAKING_POOL: StakingPool.address,
      SE_METIS: SEMetis.address,
      REDEMPTION_QUEUE: RedemptionQueue.address,
    }),
    SEMetis: words({
      ...domainOf("Staked eMetis", SEMetis.address, chainIds.l2),
      STAKING_POOL: StakingPool.address,
      _asset: EMetis.address,
      _underlyingDecimals: decimals,
    }),
    StakingPool: words({
      ...tokens,
      __self: implementationOf(records, "StakingPool"),
      QUEUE: RedemptionQueue.address,
      GATEWAY: L2Gateway.address,
      L1_LOCK_MANAGER: records.LockManager.address,
    }),
    RedemptionQueue: words({
      ...tokens,
      __self: implementationOf(records, "RedemptionQueue"),
      STAKING_POOL: StakingPool.address,
    }),
    L2Gateway: words({
      __self: implementationOf(records, "L2Gateway"),
      STAKING_POOL: StakingPool.address,
      L1_CHAIN_ID: chainIds.l1,
    }),
  };
}

/** What OpenZeppelin's EIP712 remembers of a token's domain. */
function domainOf(name: string, token: string, chainId: bigint): Readonly<Record<string, string | bigint>> {
  const domain = { name, version: domainVersion, chainId, verifyingContract: token };
  return {
    _cachedDomainSeparator: TypedDataEncoder.hashDomain(domain),
    _cachedChainId: chainId,
    _cachedThis: token,
    _hashedName: id(name),
    _hashedVersion: id(domainVersion),
    _name: shortString(name),
    _version: shortString(domainVersion),
  };
}

/** OpenZeppelin's ShortString: the text from the left, its length in the last byte. */
function shortString(text: string): string {
  const bytes = getBytes(encodeBytes32String(text));
  bytes[31] = Buffer.byteLength(text);
  return hexlify(bytes);
}

function words(values: Readonly<Record<string, string | bigint>>): Immutables {
  const entries = Object.entries(values).map(([name, value]): [string, string] => {
    return [name, typeof value === "bigint" ? toBeHex(value, 32) : zeroPadValue(value, 32)];
  });
  return new Map(entries);
}
