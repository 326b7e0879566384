import { formatEther } from "ethers";

import type { ChainSettings } from "../../config/networks";
import type { Account } from "../chain/account";
import { amountOf } from "../health/words";
import { type Check, fault, guarded, ok, warning } from "./check";
import type { Providers } from "./folder";

/** Gas that a purpose takes on each chain, generously: the plan of a deployment says it exactly. */
const gasFor = {
  deploy: { l1: 30_000_000n, l2: 40_000_000n },
  /** A week of cranks. */
  keeper: { l1: 10_500_000n, l2: 14_000_000n },
} as const;

/** What the account is for. */
export type Purpose = keyof typeof gasFor;

/** Opens the account; only its address is told. */
export async function checkAccount(open: (() => Promise<Account>) | undefined): Promise<{
  readonly checks: readonly Check[];
  readonly address: string | undefined;
}> {
  if (open === undefined) {
    const none = warning(
      "no account is given: keys and balances are not checked",
      "give --key-variable, --keystore or --signer-url",
    );
    return { checks: [none], address: undefined };
  }
  let address: string | undefined;
  const checks = await guarded("the account", "correct what is named", async () => {
    ({ address } = await open());
    return [ok(`the account is ${address}`)];
  });
  return { checks, address };
}

/** Whether the account can pay for its purpose on both chains at present prices. */
export async function checkBalances(
  address: string,
  purpose: Purpose,
  {
    settings,
    providers,
  }: { readonly settings: Readonly<Record<"l1" | "l2", ChainSettings>>; readonly providers: Providers },
): Promise<readonly Check[]> {
  const found = await Promise.all(
    (["l1", "l2"] as const).map((layer) =>
      guarded(`the balance on ${settings[layer].name}`, "run it again", async () => {
        const provider = providers[layer];
        const [balance, { gasPrice }] = await Promise.all([provider.getBalance(address), provider.getFeeData()]);
        if (gasPrice === null) throw new Error("the node tells no gas price");
        return [compare({ ...settings[layer], purpose, balance, need: gasFor[purpose][layer] * gasPrice })];
      }),
    ),
  );
  return found.flat();
}

interface Purse extends Pick<ChainSettings, "name" | "coin"> {
  readonly purpose: Purpose;
  readonly balance: bigint;
  readonly need: bigint;
}

function compare({ name, coin, purpose, balance, need }: Purse): Check {
  const words = { deploy: "a deployment", keeper: "a week of the keeper" }[purpose];
  const has = `${amountOf(balance, 6)} ${coin} on ${name}`;
  if (balance >= need) return ok(`the account has ${has}; ${words} is reckoned with ${amountOf(need, 6)}`);
  const lacking = `the account has ${has}, ${words} is reckoned with ${amountOf(need, 6)}`;
  const remedy = `send it ${formatEther(need - balance)} ${coin} or more`;
  return balance === 0n ? fault(lacking, remedy) : warning(lacking, remedy);
}
