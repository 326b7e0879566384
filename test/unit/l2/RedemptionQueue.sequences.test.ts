import { expect } from "chai";
import { parseEther } from "ethers";

import { type ContractOf } from "../../helpers/chains";
import { HOUR, MIN_TICKET, ONE, type QueueFixture, queueFixture } from "../../helpers/queue";
import { type Random, seededRandom } from "../../helpers/random";

const STEPS = 160;

/** Random histories of the queue beside a model that keeps every ticket and every finalised part in a list. */
describe("RedemptionQueue sequences", () => {
  for (const seed of [11, 12, 13, 14, 15, 16]) {
    it(`pays every ticket what the model pays, and in all exactly what was funded (seed ${seed})`, async () => {
      const f = await queueFixture();
      const random = seededRandom(seed);
      const model = new Model();
      const done = new Set<string>();
      for (let step = 0; step < STEPS; step++) {
        const action = random.pick([
          request,
          request,
          batch,
          finalise,
          finalise,
          transfer,
          claim,
          claimSome,
          claimTo,
          wait,
        ]);
        if (await action(f, model, random)) done.add(action.name);
        if (step % 16 === 0) await compare(f, model);
      }
      expect([...done].sort()).to.deep.equal([
        "batch",
        "claim",
        "claimSome",
        "claimTo",
        "finalise",
        "request",
        "transfer",
        "wait",
      ]);
      await finaliseRest(f, model, random);
      await claimRest(f, model);
      expect(model.paid).to.equal(model.funded);
      expect([await f.queue.reserved(), await f.l2.provider.getBalance(f.queue)]).to.deep.equal([0n, 0n]);
      expect([await f.queue.pending(), await f.eMetis.balanceOf(f.queue)]).to.deep.equal([0n, 0n]);
    });
  }
});

interface Ticket {
  readonly id: bigint;
  readonly end: bigint;
  owner: string;
  claimedUntil: bigint;
  /** Wei of METIS paid for it so far. */
  paid: bigint;
}

/** The queue as lists: no checkpoints, no packing, nothing cumulative. */
class Model {
  readonly tickets: Ticket[] = [];
  readonly parts: { from: bigint; until: bigint; rate: bigint }[] = [];
  end = 0n;
  funded = 0n;
  paid = 0n;

  get finalisedUntil(): bigint {
    return this.parts[this.parts.length - 1]?.until ?? 0n;
  }

  get open(): Ticket[] {
    return this.tickets.filter(({ claimedUntil, end }) => claimedUntil < end);
  }

  get due(): Ticket[] {
    return this.open.filter(({ claimedUntil }) => claimedUntil < this.finalisedUntil);
  }

  request(owner: string, assets: bigint): void {
    this.tickets.push({ id: this.end, end: this.end + assets, owner, claimedUntil: this.end, paid: 0n });
    this.end += assets;
  }

  /** Parts of one rate that follow each other are one part. */
  finalise(until: bigint, rate: bigint): bigint {
    const last = this.parts[this.parts.length - 1];
    const before = last === undefined ? 0n : this.worth(0n, last.until);
    if (last?.rate === rate) last.until = until;
    else this.parts.push({ from: this.finalisedUntil, until, rate });
    const payout = this.worth(0n, until) - before;
    this.funded += payout;
    return payout;
  }

  /** Each part pays from its own beginning, rounded down. */
  worth(from: bigint, until: bigint): bigint {
    const upTo = (position: bigint) =>
      this.parts
        .filter((part) => part.from < position)
        .reduce((sum, part) => {
          const end = position < part.until ? position : part.until;
          return sum + ((end - part.from) * part.rate) / ONE;
        }, 0n);
    return upTo(until) - upTo(from);
  }

  claimable(ticket: Ticket): bigint {
    const until = ticket.end < this.finalisedUntil ? ticket.end : this.finalisedUntil;
    return until > ticket.claimedUntil ? this.worth(ticket.claimedUntil, until) : 0n;
  }

  claim(ticket: Ticket): bigint {
    const paid = this.claimable(ticket);
    const until = ticket.end < this.finalisedUntil ? ticket.end : this.finalisedUntil;
    if (until > ticket.claimedUntil) ticket.claimedUntil = until;
    ticket.paid += paid;
    this.paid += paid;
    return paid;
  }
}

type Action = (f: QueueFixture, model: Model, random: Random) => Promise<boolean>;

function holders({ alice, bob, carol }: QueueFixture) {
  return [alice, bob, carol];
}

function amount(random: Random): bigint {
  return random.pick([MIN_TICKET, MIN_TICKET + random.below(10n ** 16n), random.between(MIN_TICKET, parseEther("40"))]);
}

const request: Action = async function request(f, model, random) {
  const [caller, owner] = [random.pick(holders(f)), random.pick(holders(f))];
  const assets = amount(random);
  await f.queue.connect(caller).requestRedeem(assets, owner);
  model.request(owner.address, assets);
  return true;
};

const batch: Action = async function batch(f, model, random) {
  const owner = random.pick(holders(f));
  const amounts = Array.from({ length: Number(random.between(1n, 4n)) }, () => amount(random));
  await f.queue.connect(random.pick(holders(f))).requestRedeemBatch(amounts, owner);
  for (const assets of amounts) model.request(owner.address, assets);
  return true;
};

const finalise: Action = async function finalise(f, model, random) {
  const { queue, pool, l2 } = f;
  const lastRate = model.parts[model.parts.length - 1]?.rate ?? ONE;
  const rate = random.pick([lastRate, lastRate, ONE, random.between(ONE / 2n, ONE), random.between(1n, ONE)]);
  const assets = random.pick([random.below(parseEther("50")), random.below(1000n), parseEther("5000")]);
  const cutoff = (await l2.now()) + Number(random.pick([-3n, -1n, 0n, 1n, 2n])) * HOUR;
  const [until, payout] = await queue.finalisable(assets, rate, cutoff);
  if (until === model.finalisedUntil) return false;
  expect(payout <= assets && until <= model.end).to.equal(true);
  await pool.fundQueue(assets, rate, cutoff);
  expect(model.finalise(until, rate)).to.equal(payout);
  return true;
};

const transfer: Action = async function transfer(f, model, random) {
  if (model.open.length === 0) return false;
  const ticket = random.pick(model.open);
  const from = holders(f).find(({ address }) => address === ticket.owner)!;
  const to = random.pick(holders(f));
  await f.queue.connect(from).transferFrom(from, to, ticket.id);
  ticket.owner = to.address;
  return true;
};

const claim: Action = async function claim(f, model, random) {
  if (model.due.length === 0) return false;
  const ticket = random.pick(model.due);
  await expectPayments(f, () => f.queue.connect(f.keeper).claim(ticket.id), [[ticket.owner, model.claim(ticket)]]);
  return true;
};

const claimSome: Action = async function claimSome(f, model, random) {
  if (model.tickets.length === 0) return false;
  // Any tickets, also paid ones, also twice.
  const chosen = Array.from({ length: Number(random.between(1n, 8n)) }, () => random.pick(model.tickets));
  const payments = chosen.map((ticket) => [ticket.owner, model.claim(ticket)] as const);
  const ids = chosen.map(({ id }) => id);
  await expectPayments(f, () => f.queue.connect(f.keeper).claimBatch(ids, { gasLimit: 5_000_000n }), payments);
  return payments.some(([, paid]) => paid > 0n);
};

const claimTo: Action = async function claimTo(f, model, random) {
  const owner = random.pick(holders(f));
  const own = model.due.filter((ticket) => ticket.owner === owner.address);
  if (own.length === 0) return false;
  const chosen = [random.pick(own), random.pick(own)];
  const paid = chosen.reduce((sum, ticket) => sum + model.claim(ticket), 0n);
  const ids = chosen.map(({ id }) => id);
  await expectPayments(f, () => f.queue.connect(owner).claimTo(ids, f.keeper), [[f.keeper.address, paid]]);
  return true;
};

const wait: Action = async function wait({ l2 }, _, random) {
  await l2.increase(Number(random.between(1n, 3n)) * HOUR);
  return true;
};

async function expectPayments(
  f: QueueFixture,
  action: () => Promise<{ hash: string }>,
  payments: readonly (readonly [string, bigint])[],
): Promise<void> {
  const accounts = [...holders(f), f.keeper];
  const expected = accounts.map(({ address }) =>
    payments.reduce((sum, [receiver, paid]) => (receiver === address ? sum + paid : sum), 0n),
  );
  expect(await f.l2.coinChanges(action, accounts)).to.deep.equal(expected);
}

async function compare({ l2, queue, eMetis }: QueueFixture, model: Model): Promise<void> {
  expect([await queue.requestedUntil(), await queue.finalisedUntil()]).to.deep.equal([model.end, model.finalisedUntil]);
  expect(await eMetis.balanceOf(queue)).to.equal(model.end - model.finalisedUntil);
  expect(await l2.provider.getBalance(queue)).to.equal(model.funded - model.paid);
  expect(await queue.reserved()).to.equal(model.funded - model.paid);
  for (const ticket of model.open) {
    expect(await queue.ticket(ticket.id)).to.deep.equal([
      ticket.owner,
      ticket.end,
      ticket.claimedUntil,
      model.claimable(ticket),
    ]);
  }
}

async function finaliseRest(f: QueueFixture, model: Model, random: Random): Promise<void> {
  const rate = random.between(1n, ONE);
  const cutoff = (await f.l2.now()) + 2 * HOUR;
  const [until] = await f.queue.finalisable(parseEther("20000"), rate, cutoff);
  if (until === model.finalisedUntil) return;
  await f.pool.fundQueue(parseEther("20000"), rate, cutoff);
  model.finalise(until, rate);
  await compare(f, model);
}

async function claimRest(f: QueueFixture, model: Model): Promise<void> {
  for (const ticket of model.open) {
    await expectPayments(f, () => claimOf(f.queue, ticket.id), [[ticket.owner, model.claim(ticket)]]);
  }
  for (const { paid, id, end } of model.tickets) expect(paid <= end - id).to.equal(true);
  expect(model.open).to.deep.equal([]);
}

function claimOf(queue: ContractOf<"RedemptionQueue">, id: bigint) {
  return queue.claim(id);
}
