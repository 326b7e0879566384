/** What governance can set, and what guards it: parameters, treasury, authorities, peers and pauses. */
import { lockManagerParameters, poolParameters } from "../../config/parameters";
import {
  L1Gateway__factory,
  L2Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  StakingPool__factory,
} from "../artifacts";
import { type ChainReader, answerOf, momentOf } from "./chainReader";
import { type Comparison, compareEach, noAnswer } from "./finding";
import type { Truth } from "./truth";

/** Compares what is set on Ethereum. */
export async function compareL1Settings(reader: ChainReader, { records }: Truth): Promise<readonly Comparison[]> {
  const { provider, at } = reader;
  const manager = LockManager__factory.connect(records.LockManager.address, provider);
  const gateway = L1Gateway__factory.connect(records.L1Gateway.address, provider);
  const [parameters, pausedUntil, managerAuthority, gatewayAuthority, peer] = await Promise.all([
    answerOf(manager.parameters(at)),
    answerOf(manager.pausedUntil(at)),
    answerOf(manager.authority(at)),
    answerOf(gateway.authority(at)),
    answerOf(gateway.l2Gateway(at)),
  ]);
  const authority = records.L1AccessManager.address;
  const ofManager = { chain: "l1", contract: "LockManager" } as const;
  const ofGateway = { chain: "l1", contract: "L1Gateway" } as const;
  return [
    ...compareNumbers(ofManager, [
      ["recallLimitBps", lockManagerParameters.recallLimitBps, parameters?.recallLimitBps],
    ]),
    ...compareEach({ ...ofManager, type: "pause" }, [["pause", "none", describePause(reader, pausedUntil)]]),
    ...compareEach({ ...ofManager, type: "authority" }, [["authority", authority, managerAuthority ?? noAnswer]]),
    ...compareEach({ ...ofGateway, type: "authority" }, [["authority", authority, gatewayAuthority ?? noAnswer]]),
    ...compareEach({ ...ofGateway, type: "peer" }, [["l2Gateway", records.L2Gateway.address, peer ?? noAnswer]]),
  ];
}

/** Compares what is set on Metis. */
export async function compareL2Settings(reader: ChainReader, truth: Truth): Promise<readonly Comparison[]> {
  const { provider, at } = reader;
  const { records, setup } = truth;
  const pool = StakingPool__factory.connect(records.StakingPool.address, provider);
  const [parameters, treasury, pausedUntil, stoppedUntil] = await Promise.all([
    answerOf(pool.parameters(at)),
    answerOf(pool.treasury(at)),
    answerOf(pool.pausedUntil(at)),
    answerOf(pool.stoppedUntil(at)),
  ]);
  const of = { chain: "l2", contract: "StakingPool" } as const;
  return [
    ...compareNumbers(of, [
      ["protocolFeeBps", poolParameters.protocolFeeBps, parameters?.protocolFeeBps],
      ["maxRewardRateBps", poolParameters.maxRewardRateBps, parameters?.maxRewardRateBps],
      ["lossThresholdBps", poolParameters.lossThresholdBps, parameters?.lossThresholdBps],
      ["reserveBps", poolParameters.reserveBps, parameters?.reserveBps],
      ["minInstantFeeBps", poolParameters.minInstantFeeBps, parameters?.minInstantFeeBps],
      ["maxInstantFeeBps", poolParameters.maxInstantFeeBps, parameters?.maxInstantFeeBps],
      ["streamPeriod", poolParameters.streamPeriod, parameters?.streamPeriod],
      ["l1DepositLimit", poolParameters.l1DepositLimit, parameters?.l1DepositLimit],
    ]),
    ...compareEach({ ...of, type: "treasury" }, [["treasury", setup.treasury, treasury ?? noAnswer]]),
    ...compareEach({ ...of, type: "pause" }, [
      ["pause", "none", describePause(reader, pausedUntil)],
      ["stop after a loss", "none", describePause(reader, stoppedUntil)],
    ]),
    ...(await compareL2Authorities(reader, truth)),
  ];
}

async function compareL2Authorities(reader: ChainReader, { records }: Truth): Promise<readonly Comparison[]> {
  const { provider, at } = reader;
  const gateway = L2Gateway__factory.connect(records.L2Gateway.address, provider);
  const managed = {
    StakingPool: StakingPool__factory.connect(records.StakingPool.address, provider),
    RedemptionQueue: RedemptionQueue__factory.connect(records.RedemptionQueue.address, provider),
    L2Gateway: gateway,
  };
  const authority = records.L2AccessManager.address;
  const compared = await Promise.all(
    Object.entries(managed).map(async ([contract, managedContract]) => {
      const found = (await answerOf(managedContract.authority(at))) ?? noAnswer;
      return compareEach({ chain: "l2", contract, type: "authority" }, [["authority", authority, found]]);
    }),
  );
  const peer = (await answerOf(gateway.l1Token(at))) ?? noAnswer;
  return [
    ...compared.flat(),
    ...compareEach({ chain: "l2", contract: "L2Gateway", type: "peer" }, [
      ["l1Token", records.L1Gateway.address, peer],
    ]),
  ];
}

function compareNumbers(
  of: Pick<Comparison, "chain" | "contract">,
  sides: readonly (readonly [name: string, expected: bigint, found: bigint | undefined])[],
): readonly Comparison[] {
  return compareEach(
    { ...of, type: "parameter" },
    sides.map(([name, expected, found]) => [name, String(expected), String(found ?? noAnswer)]),
  );
}

function describePause({ timestamp }: ChainReader, until: bigint | undefined): string {
  if (until === undefined) return noAnswer;
  return until <= BigInt(timestamp) ? "none" : `until ${momentOf(until)}`;
}
