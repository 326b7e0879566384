/** Which public networks the fork tests are to run on, from the environment. */
import { type ChainSettings, type NetworkSettings, publicNetworks } from "../../config/networks";

/** One chain to fork. Without a block it is forked at its head. */
export interface ForkTarget {
  readonly chainId: number;
  readonly name: string;
  readonly url: string;
  readonly block: number | undefined;
}

/** A pair of chains to fork together. */
export interface ForkPair {
  /** The network's name, as the folder of its records. */
  readonly network: string;
  readonly l1: ForkTarget;
  readonly l2: ForkTarget;
}

/** The environment's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable of the fork tests that cannot be used as it is. */
export class ForkVariableError extends Error {
  override readonly name = "ForkVariableError";
}

/** The variable that pins the block of the chain whose endpoint `rpcVariable` has, as `METIS_BLOCK` for `METIS_RPC_URL`. */
export function blockVariableOf(rpcVariable: string): string {
  return rpcVariable.replace(/_RPC_URL$/, "_BLOCK");
}

/**
 * The pairs whose endpoints are set. Of several endpoints of a chain the first is taken.
 *
 * @throws {@link ForkVariableError} when only one of a pair is set, when an endpoint is no http(s) URL, or a block no number.
 */
export function readForkPairs(environment: Environment): readonly ForkPair[] {
  return Object.values<NetworkSettings>(publicNetworks).flatMap(({ name, l1, l2 }) => {
    const [below, above] = [targetOf(l1, environment), targetOf(l2, environment)];
    if (below === undefined && above === undefined) return [];
    if (below === undefined) throw halfPair(l2, l1);
    if (above === undefined) throw halfPair(l1, l2);
    return [{ network: name, l1: below, l2: above }];
  });
}

/** What to set, for a person who has set nothing. */
export function describeForkVariables(): string {
  const pairs = Object.values<NetworkSettings>(publicNetworks).map(({ l1, l2 }) => {
    const blocks = `${blockVariableOf(l1.rpcVariable)} and ${blockVariableOf(l2.rpcVariable)}`;
    return `  ${l1.rpcVariable} and ${l2.rpcVariable} (${l1.name} and ${l2.name}; ${blocks} pin the blocks)`;
  });
  return [
    "No fork was tested: nothing says where the chains are. Set one or both of",
    ...pairs,
    "or run it on forks of two local nodes with: npm run test:fork -- --local",
  ].join("\n");
}

function targetOf({ chainId, name, rpcVariable }: ChainSettings, environment: Environment): ForkTarget | undefined {
  const url = (environment[rpcVariable] ?? "").split(",")[0]?.trim() ?? "";
  if (url === "") return undefined;
  // The address itself may hold a key, so it is not told.
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new ForkVariableError(`${rpcVariable} holds what is no http(s) URL: set it to the endpoint of ${name}`);
  return { chainId, name, url, block: blockOf(blockVariableOf(rpcVariable), environment) };
}

function blockOf(variable: string, environment: Environment): number | undefined {
  const text = environment[variable] ?? "";
  if (text === "") return undefined;
  if (!/^[0-9]{1,15}$/.test(text))
    throw new ForkVariableError(
      `${variable} is "${text}": set it to the number of a block, or to nothing for the head`,
    );
  return Number(text);
}

function halfPair(set: ChainSettings, missing: ChainSettings): ForkVariableError {
  return new ForkVariableError(
    `${set.rpcVariable} is set and ${missing.rpcVariable} is not: a pair is forked together, so set it to the endpoint of ${missing.name} too`,
  );
}
