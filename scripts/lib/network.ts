/** Which network a command is for, and how its chains are reached. */
import path from "node:path";

import { type ChainSettings, type NetworkSettings, publicNetworks } from "../config/networks";

/** A network with its endpoints, and the folder of its records. */
export interface Network extends NetworkSettings {
  readonly folder: string;
}

/** What every command that speaks to a network is given, for `parseArgs`. */
export const networkOptions = {
  /** `metis-sepolia` or `metis`. */
  network: { type: "string" },
  /** The folder with a folder for each network. */
  deployments: { type: "string" },
  /** Blocks that must hold a transaction, instead of the settings of the chain. */
  confirmations: { type: "string" },
} as const;

/** The options' values, as `parseArgs` gives them. */
export interface NetworkValues {
  readonly network?: string | undefined;
  readonly deployments?: string | undefined;
  readonly confirmations?: string | undefined;
}

/** A network that is not known, or cannot be reached as it is set up. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

/**
 * The network that the options name, with the endpoints of the environment before those of the settings.
 *
 * @throws {@link NetworkError} when the options name none or an unknown one, when a chain has no endpoint, or one that is no URL.
 */
export function selectNetwork(
  values: NetworkValues,
  environment: Readonly<Record<string, string | undefined>>,
): Network {
  const { network: name = "", deployments = "deployments" } = values;
  const settings = networkNamed(name);
  const chain = (side: ChainSettings) => withConfirmations(withEndpoints(side, environment), values.confirmations);
  return { name, l1: chain(settings.l1), l2: chain(settings.l2), folder: path.resolve(deployments, name) };
}

/** The settings of the network of this name. @throws {@link NetworkError} when there is none. */
export function networkNamed(name: string): NetworkSettings {
  const settings = Object.values<NetworkSettings>(publicNetworks).find((known) => known.name === name);
  if (settings !== undefined) return settings;
  throw new NetworkError(`the network is "${name}": say --network ${Object.keys(publicNetworks).join(" or ")}`);
}

function withEndpoints(
  settings: ChainSettings,
  environment: Readonly<Record<string, string | undefined>>,
): ChainSettings {
  const { name, rpcVariable } = settings;
  const given = (environment[rpcVariable] ?? "").split(",").map((url) => url.trim());
  const chosen = given.filter((url) => url !== "");
  const rpcUrls = chosen.length > 0 ? chosen : settings.rpcUrls;
  if (rpcUrls.length === 0) throw new NetworkError(`no endpoint of ${name}: set ${rpcVariable} to one or more URLs`);
  // The address itself may hold a key, so it is not told.
  if (!rpcUrls.every(isHttp)) throw new NetworkError(`${rpcVariable} holds what is no http(s) URL`);
  return { ...settings, rpcUrls };
}

function withConfirmations(settings: ChainSettings, value: string | undefined): ChainSettings {
  if (value === undefined) return settings;
  const confirmations = Number(value);
  if (Number.isSafeInteger(confirmations) && confirmations > 0) return { ...settings, confirmations };
  throw new NetworkError(`--confirmations is "${value}": it must be a whole number above 0`);
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
}
