/** What the tests of the sender do, on a chain that mines when they say so. Sets the hooks of the suite that calls it. */
import { expect } from "chai";

import { AbortedError } from "../../../../sdk/src/errors";
import { type Order, type SendOrderOptions, sendOrder } from "../../../../scripts/lib/chain/sender";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { type World, between, chainWorlds, journal, localAccount } from "./localChain";

/** A minute's patience is twelve looks. */
export const pace = { pollingInterval: 5_000, patience: 60_000 };

/** Who sends. */
export const account = localAccount(3);

/** A chain before each test, and what is done on it. */
export function senderHarness(layer: "l1" | "l2") {
  let current: World | undefined;
  const world = () => current!;

  beforeEach(async () => {
    current = (await chainWorlds())[layer];
    await world().local.provider.send("evm_setAutomine", [false]);
  });

  afterEach(async () => {
    await world().local.provider.send("evm_setAutomine", [true]);
  });

  const mine = async () => world().local.mine();
  const nothing = async () => Promise.resolve();
  const times = (count: number, happening: () => Promise<unknown>) => Array.from({ length: count }, () => happening);
  const touches = async () => world().probe.touches();
  const send = async (options: SendOrderOptions = {}, order: Order = world().touch, chain = world().chain) =>
    sendOrder(chain, account, order, { ...pace, ...options });
  const nonce = async () => world().local.provider.getTransactionCount(account.address);
  const waiting = async () => world().local.provider.send("eth_pendingTransactions", []) as Promise<{ hash: string }[]>;
  const drop = async (hash: string): Promise<unknown> => world().local.provider.send("hardhat_dropTransaction", [hash]);
  const setCode = async (code: string) => world().local.setCode(world().touch.to!, code);

  const newest = async () => (await world().local.provider.getBlock("latest"))!.transactions[0]!;

  /** Sends and is killed as soon as that is done. */
  async function sendAndDie(order: Order = world().touch, options: SendOrderOptions = {}): Promise<string> {
    const controller = new AbortController();
    const { log, entries } = journal();
    const kill = async () => {
      controller.abort();
      return nothing();
    };
    const death = await rejectionOf(send({ log, signal: controller.signal, ...options, ...between(kill) }, order));
    expect(death).to.be.instanceOf(AbortedError);
    const [sent] = entries.filter(({ type }) => type === "sent");
    return (sent as { hash: string }).hash;
  }

  return { mine, nothing, times, touches, send, nonce, waiting, drop, setCode, newest, sendAndDie, world };
}
