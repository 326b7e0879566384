/** Who signs: a key of Hardhat's variables, an encrypted keystore, or a signer in front of a hardware wallet. */
import { readFile } from "node:fs/promises";
import path from "node:path";

import { type TransactionLike, Wallet } from "ethers";
import { VarsManager } from "hardhat/internal/core/vars/vars-manager";
import { getVarsFilePath } from "hardhat/internal/util/global-dir";

import { AccountOptionsError, KeystoreError, SecretError, SecretInRepositoryError } from "./errors";
import { isInside } from "./outside";
import { askPassword } from "./password";
import { remoteAccount } from "./remoteSigner";

/** An account that signs. */
export interface Account {
  readonly address: string;
  /** @returns The signed transaction, ready to be broadcast. */
  readonly signTransaction: (transaction: TransactionLike) => Promise<string>;
}

/** The options that say who signs, for `parseArgs`. */
export const accountOptions = {
  "key-variable": { type: "string" },
  keystore: { type: "string" },
  "password-variable": { type: "string" },
  "signer-url": { type: "string" },
  "signer-address": { type: "string" },
} as const;

/** Their values. */
export type AccountOptions = Readonly<Partial<Record<keyof typeof accountOptions, string | undefined>>>;

/** What opening an account needs of the world. */
export interface AccountTools {
  /** The folder in which no secret may lie. */
  readonly repository: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where Hardhat keeps its variables. */
  readonly variablesFile: () => string;
  readonly askPassword: (question: string) => Promise<string>;
}

const ways = "give one of --key-variable NAME, --keystore FILE, or --signer-url URL with --signer-address ADDRESS";

/** The tools of a script that a person runs. */
export function accountTools(): AccountTools {
  return {
    repository: path.join(__dirname, "..", "..", ".."),
    environment: process.env,
    variablesFile: () => getVarsFilePath(),
    askPassword: async (question) => askPassword(question, process.stdin, process.stderr),
  };
}

/**
 * Opens the account that the options name. No error shows a key or a password.
 *
 * @throws {@link AccountOptionsError} unless they name exactly one; {@link SecretError}, {@link SecretInRepositoryError},
 * {@link KeystoreError}, {@link SignerError} when it cannot be had.
 */
export async function openAccount(options: AccountOptions, tools: AccountTools = accountTools()): Promise<Account> {
  const { keystore, "key-variable": variable, "signer-url": url, "signer-address": address } = options;
  const given = (["key-variable", "keystore", "signer-url"] as const).filter((name) => options[name] !== undefined);
  if (given.length !== 1)
    throw new AccountOptionsError(
      given.map((name) => `--${name}`),
      ways,
    );
  if (variable !== undefined) return walletAccount(await readVariable(variable, tools), variable);
  if (keystore !== undefined) return openKeystore(keystore, options["password-variable"], tools);
  if (url === undefined || address === undefined) {
    throw new AccountOptionsError(["--signer-url"], "give its account as --signer-address");
  }
  return remoteAccount(url, address);
}

/**
 * The account of a private key.
 *
 * @param name - What an error calls the key; the key itself is not shown.
 * @throws {@link SecretError} when it is no key.
 */
export function walletAccount(privateKey: string, name = "privateKey"): Account {
  const digits = /^(?:0x)?([0-9a-f]{64})$/i.exec(privateKey.trim())?.[1];
  if (digits === undefined) throw new SecretError(name, "holds no private key: it must be 32 bytes in hexadecimal");
  const wallet = walletOf(digits, name);
  return { address: wallet.address, signTransaction: async (transaction) => wallet.signTransaction(transaction) };
}

/** ethers' errors may hold what they are about. */
function walletOf(digits: string, name: string): Wallet {
  try {
    return new Wallet(`0x${digits}`);
  } catch {
    throw new SecretError(name, "holds no private key: 0 and numbers from the curve's order on are none");
  }
}

/** As Hardhat does: `HARDHAT_VAR_<NAME>` of the environment comes before what `hardhat vars set` has stored. */
async function readVariable(name: string, { environment, variablesFile, repository }: AccountTools): Promise<string> {
  const given = environment[`HARDHAT_VAR_${name}`];
  if (given !== undefined && given.trim() !== "") return given;
  const file = variablesFile();
  if (await isInside(file, repository)) throw new SecretInRepositoryError(file);
  const stored = new VarsManager(file).get(name);
  if (stored !== undefined) return stored;
  throw new SecretError(name, `is not set: run "npx hardhat vars set ${name}", or set HARDHAT_VAR_${name}`);
}

async function openKeystore(file: string, variable: string | undefined, tools: AccountTools): Promise<Account> {
  if (await isInside(file, tools.repository)) throw new SecretInRepositoryError(file);
  const json = await readFile(file, "utf8").catch(() => {
    throw new KeystoreError(file, "cannot be read: check the path and its rights");
  });
  const password = await passwordOf(file, variable, tools);
  const wallet = await Wallet.fromEncryptedJson(json, password).catch((error: unknown) => {
    throw new KeystoreError(file, reasonOf(error));
  });
  return walletAccount(wallet.privateKey);
}

async function passwordOf(file: string, variable: string | undefined, tools: AccountTools): Promise<string> {
  if (variable === undefined) return tools.askPassword(`Password of ${file}: `);
  const password = tools.environment[variable];
  if (password === undefined) throw new SecretError(variable, "is not set: it must hold the password of the keystore");
  return password;
}

/** Of ethers' message only what it is about: the rest may hold the password. */
function reasonOf(error: unknown): string {
  const isPassword = error instanceof Error && error.message.includes("incorrect password");
  return isPassword ? "does not open with this password" : "is no encrypted JSON keystore that can be read";
}
