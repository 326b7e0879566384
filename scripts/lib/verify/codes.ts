/** The code of everything that is deployed on one chain, against artifacts and records. */
import { keccak256 } from "ethers";

import type { Layer } from "../../config/localChains";
import type { Build } from "./builds";
import { type ChainReader, codeAt } from "./chainReader";
import { compareCode } from "./compareCode";
import { type Comparison, compareEach } from "./finding";
import { type Immutables, l1Immutables, l2Immutables, vaultOperationsOf } from "./immutables";
import { type Records, type Truth, delegating, implementationOf, recordNames } from "./truth";

/** A contract of ours: where it ought to be, and what it was made from. */
export interface Deployed {
  readonly chain: Layer;
  /** The record's name; of what a record delegates to, with "implementation". */
  readonly name: string;
  readonly address: string;
  /** The artifact's name. */
  readonly artifact: string;
}

/** The artifacts behind the records themselves: proxies are what delegates, and not what they delegate to. */
const artifactOf = {
  L1AccessManager: "AccessManager",
  VaultBeacon: "UpgradeableBeacon",
  LockManager: "ERC1967Proxy",
  L1Gateway: "ERC1967Proxy",
  L2AccessManager: "AccessManager",
  EMetis: "EMetis",
  SEMetis: "SEMetis",
  StakingPool: "ERC1967Proxy",
  RedemptionQueue: "ERC1967Proxy",
  L2Gateway: "ERC1967Proxy",
} as const satisfies Record<keyof Records, string>;

/** Everything that is deployed on a chain but the vaults, which LockManager creates. */
export function deployedOn(chain: Layer, truth: Pick<Truth, "records">): readonly Deployed[] {
  const { records } = truth;
  const named = recordNames[chain].map((name) => {
    return { chain, name, address: records[name].address, artifact: artifactOf[name] };
  });
  const behind = delegating[chain].map((name) => {
    const artifact = name === "VaultBeacon" ? "SequencerVault" : name;
    return { chain, name: `${name} implementation`, address: implementationOf(records, name), artifact };
  });
  if (chain === "l2") return [...named, ...behind];
  return [
    ...named,
    ...behind,
    { chain, name: "VaultOperations", address: vaultOperationsOf(truth), artifact: "VaultOperations" },
  ];
}

/** The artifacts that {@link compareCodes} needs. */
export const artifactsOf = (truth: Pick<Truth, "records">): readonly string[] => {
  const all = [...deployedOn("l1", truth), ...deployedOn("l2", truth)].map(({ artifact }) => artifact);
  return [...new Set(all)];
};

/** Compares all code on a chain with artifacts, and its hashes with the records. */
export async function compareCodes(
  reader: ChainReader,
  truth: Truth,
  builds: ReadonlyMap<string, Build>,
): Promise<readonly Comparison[]> {
  const { layer } = reader;
  const immutables = layer === "l1" ? l1Immutables(truth) : l2Immutables(truth);
  const compared = await Promise.all(
    deployedOn(layer, truth).map(async ({ name, address, artifact }) => {
      const code = await codeAt(reader, address);
      const build = builds.get(artifact);
      if (build === undefined) throw new Error(`there is no build of ${artifact}: compile first`);
      const known: Immutables = immutables[artifact] ?? new Map();
      return compareCode({ of: { chain: layer, contract: name }, build, immutables: known, code });
    }),
  );
  return [...compared.flat(), ...(await compareRecords(reader, truth.records))];
}

async function compareRecords(reader: ChainReader, records: Records): Promise<readonly Comparison[]> {
  const { layer: chain, chainId } = reader;
  const compared = await Promise.all(
    recordNames[chain].map(async (name) => {
      const { address, codeHash, implementation, implementationCodeHash, chainId: recorded } = records[name];
      const hash = keccak256(await codeAt(reader, address));
      const of = { chain, contract: name };
      const inner =
        implementation === undefined
          ? []
          : compareEach({ ...of, type: "recordedCodeHash" }, [
              [
                "recorded hash of the implementation's code",
                implementationCodeHash ?? "none",
                keccak256(await codeAt(reader, implementation)),
              ],
            ]);
      return [
        ...compareEach({ ...of, type: "recordedChain" }, [["chain id", String(recorded), String(chainId)]]),
        ...compareEach({ ...of, type: "recordedCodeHash" }, [["recorded hash of the code", codeHash, hash]]),
        ...inner,
      ];
    }),
  );
  return compared.flat();
}
