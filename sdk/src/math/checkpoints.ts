/**
 * The last of `checkpoints` for which `isReached` holds, found by halving: it must hold for the first ones and for none
 * after them.
 *
 * @example
 * lastReached([1n, 4n, 9n], (position) => position <= 5n); // 4n
 */
export function lastReached<T>(checkpoints: readonly T[], isReached: (checkpoint: T) => boolean): T | undefined {
  let reached = 0;
  let beyond = checkpoints.length;
  while (reached < beyond) {
    const middle = (reached + beyond) >> 1;
    const checkpoint = checkpoints[middle];
    if (checkpoint !== undefined && isReached(checkpoint)) reached = middle + 1;
    else beyond = middle;
  }
  return checkpoints[reached - 1];
}
