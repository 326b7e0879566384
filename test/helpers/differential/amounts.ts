/** Amounts that tests like: nothing, dust, parts, all, a wei too much, absurd. */
import type { Random } from "../random";

const absurd = [2n ** 88n, 2n ** 95n, 2n ** 96n - 1n, 2n ** 128n, 2n ** 255n, 2n ** 256n - 1n];

/** An amount around `all`, in one case of fifteen none that can be. */
export function amountOf(random: Random, all: bigint): bigint {
  const dice = random.below(30n);
  if (dice === 0n) return 0n;
  if (dice === 1n) return random.pick(absurd);
  if (dice === 2n) return all + 1n;
  if (dice === 3n) return random.between(1n, 9n);
  if (dice === 4n) return 10n ** 16n - random.below(2n);
  if (dice < 8n) return all;
  if (dice < 12n) return all / 2n;
  if (dice < 20n) return random.below(all + 1n);
  return random.below(all / 50n + 1n);
}

/** Seconds from now to the next step: mostly little, at times weeks. */
export function pauseOf(random: Random): bigint {
  const dice = random.below(100n);
  if (dice < 15n) return 0n;
  if (dice < 60n) return random.between(1n, 600n);
  if (dice < 85n) return random.between(600n, 7_200n);
  if (dice < 97n) return random.between(7_200n, 100_000n);
  return random.between(100_000n, 40n * 86_400n);
}
