/** Parameters of the pool for those who may set them. */
import type { PoolParameters } from "../../../sdk/src/simulator/l2/state";
import type { Random } from "../random";

/** Some of them moved; down and up where they are to be tightened, and at times out of all bounds. */
export function movedParameters(parameters: PoolParameters, random: Random, isTighter: boolean): PoolParameters {
  const vary = (value: bigint, bits: bigint, isRising: boolean): bigint => {
    const greatest = 2n ** bits - 1n;
    if (random.below(4n) !== 0n) return value;
    if (random.below(12n) === 0n) return random.pick([0n, greatest]);
    const parts = isTighter && random.below(8n) !== 0n ? (isRising ? 10n : 8n) : random.between(6n, 12n);
    const moved = ((value + 3n) * parts) / 9n;
    return moved < greatest ? moved : greatest;
  };
  return {
    protocolFeeBps: vary(parameters.protocolFeeBps, 16n, false),
    maxRewardRateBps: vary(parameters.maxRewardRateBps, 16n, false),
    lossThresholdBps: vary(parameters.lossThresholdBps, 16n, false),
    reserveBps: vary(parameters.reserveBps, 16n, true),
    minInstantFeeBps: vary(parameters.minInstantFeeBps, 16n, false),
    maxInstantFeeBps: vary(parameters.maxInstantFeeBps, 16n, false),
    streamPeriod: vary(parameters.streamPeriod, 32n, true),
    l1DepositLimit: vary(parameters.l1DepositLimit, 96n, false),
  };
}
