import { expect } from "chai";
import { AbiCoder, getAddress, keccak256, toBeHex } from "ethers";

import { type ContractOf, createFixture } from "../../helpers/chains";
import { encodeL1Deposit, encodeReport, fieldsOf, toChannel } from "../../helpers/pool";
import { seededRandom } from "../../helpers/random";

const report = {
  takenAt: 1_800_000_007n,
  readAt: 1_799_999_999n,
  l1Assets: 95_002_920_230_209_087_832_081n,
  receivedFromL2: 3n,
  sentToL2: 5n,
  l1Deposits: 7n,
  withdrawable: 11n,
};
const l1Deposit = {
  receiver: "0x52908400098527886E0F7030069857D2E4169EE7",
  assets: 13n,
  runningTotal: 17n,
  isStaked: true,
};
const word = (hex: string) => hex.padStart(64, "0");

describe("Messages", () => {
  const fixture = createFixture(async ({ l2 }) => ({ codec: await l2.deploy("TestMessages", []) }));
  let codec: ContractOf<"TestMessages">;
  beforeEach(async () => {
    ({ codec } = await fixture());
  });

  describe("a report", () => {
    const payload = `0x${["0", "6b49d207", "6b49d1ff", "141e1e5e3a54d06b8011", "3", "5", "7", "b"].map(word).join("")}`;

    it("is its kind and its seven words", async () => {
      expect(await codec.encodeReport(report)).to.equal(payload);
      expect(encodeReport(report)).to.equal(payload);
    });

    it("comes back as it was", async () => {
      expect(await codec.kindOf(payload)).to.equal(0n);
      expect(fieldsOf(await codec.decodeReport(payload))).to.deep.equal(report);
    });

    it("may say that less than nothing is left on Ethereum", async () => {
      const negative = { ...report, l1Assets: -report.l1Assets };
      const encoded = await codec.encodeReport(negative);
      expect(encoded).to.equal(encodeReport(negative));
      expect(fieldsOf(await codec.decodeReport(encoded))).to.deep.equal(negative);
    });
  });

  describe("a deposit", () => {
    const receiver = l1Deposit.receiver.slice(2).toLowerCase();
    const payload = `0x${["1", receiver, "d", "11", "1"].map(word).join("")}`;

    it("is its kind and its four words", async () => {
      expect(await codec.encodeL1Deposit(l1Deposit)).to.equal(payload);
      expect(encodeL1Deposit(l1Deposit)).to.equal(payload);
    });

    it("comes back as it was", async () => {
      expect(await codec.kindOf(payload)).to.equal(1n);
      expect(fieldsOf(await codec.decodeL1Deposit(payload))).to.deep.equal(l1Deposit);
    });
  });

  it("refuses a kind that there is not, and a payload that is cut", async () => {
    await expect(codec.kindOf(`0x${word("2")}`)).to.be.reverted;
    await expect(codec.kindOf("0x")).to.be.reverted;
    await expect(codec.decodeReport(encodeReport(report).slice(0, -2))).to.be.reverted;
    await expect(codec.decodeL1Deposit(encodeL1Deposit(l1Deposit).slice(0, -2))).to.be.reverted;
  });

  it("refuses a receiver of more than 160 bits and a flag that is neither", async () => {
    const payload = encodeL1Deposit(l1Deposit);
    const kindAnd = (words: readonly string[]) => `0x${["1", ...words].map(word).join("")}`;
    await expect(codec.decodeL1Deposit(kindAnd(["1".padEnd(41, "0"), "d", "11", "1"]))).to.be.reverted;
    await expect(codec.decodeL1Deposit(kindAnd(["7", "d", "11", "2"]))).to.be.reverted;
    expect((await codec.decodeL1Deposit(payload)).isStaked).to.equal(true);
  });

  it("comes back as it was, whatever is in it", async () => {
    const random = seededRandom(4);
    for (let round = 0; round < 50; round++) {
      const [takenAt, readAt, assets, receivedFromL2, sentToL2, l1Deposits, withdrawable] = Array.from(
        { length: 7 },
        () => random.ofBits(256),
      ) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
      const l1Assets = BigInt.asIntN(256, assets);
      const anyReport = { takenAt, readAt, l1Assets, receivedFromL2, sentToL2, l1Deposits, withdrawable };
      const payload = await codec.encodeReport(anyReport);
      expect(payload).to.equal(encodeReport(anyReport));
      expect(fieldsOf(await codec.decodeReport(payload))).to.deep.equal(anyReport);
      const receiver = getAddress(toBeHex(random.below(2n ** 160n), 20));
      const anyDeposit = { receiver, assets, runningTotal: sentToL2, isStaked: round % 2 === 0 };
      const depositPayload = await codec.encodeL1Deposit(anyDeposit);
      expect(depositPayload).to.equal(encodeL1Deposit(anyDeposit));
      expect(fieldsOf(await codec.decodeL1Deposit(depositPayload))).to.deep.equal(anyDeposit);
    }
  });

  describe("the envelope", () => {
    const route = {
      l1ChainId: 1n,
      l2ChainId: 1088n,
      l1Gateway: "0x52908400098527886E0F7030069857D2E4169EE7",
      l2Gateway: "0xde709f2102306220921060314715629080e2fb77",
    };
    const payloadHash = keccak256("0x1234");

    it("is the hash of the route, the number and the payload's hash", async () => {
      const packed = AbiCoder.defaultAbiCoder().encode(
        ["uint256", "uint256", "address", "address", "uint256", "bytes32"],
        [...Object.values(route), 42n, payloadHash],
      );
      expect(await codec.envelopeHash(route, 42n, payloadHash)).to.equal(keccak256(packed));
    });

    it("is another one for another chain, gateway, number or payload", async () => {
      const hashes = [
        await codec.envelopeHash(route, 42n, payloadHash),
        await codec.envelopeHash({ ...route, l1ChainId: 5n }, 42n, payloadHash),
        await codec.envelopeHash({ ...route, l2ChainId: 59_902n }, 42n, payloadHash),
        await codec.envelopeHash({ ...route, l1Gateway: route.l2Gateway }, 42n, payloadHash),
        await codec.envelopeHash({ ...route, l2Gateway: route.l1Gateway }, 42n, payloadHash),
        await codec.envelopeHash(route, 43n, payloadHash),
        await codec.envelopeHash(route, 42n, keccak256("0x1235")),
      ];
      expect(new Set(hashes).size).to.equal(hashes.length);
    });
  });

  describe("the channel down", () => {
    const hash = "0x0123456789abcdef0123456789abcdef01234567ffffffffffffffffffffffff";

    it("carries the high 160 bits as an address and the low 96 as an amount", async () => {
      const expected = ["0x0123456789abcDEF0123456789abCDef01234567", 2n ** 96n - 1n];
      expect([...(await codec.toChannel(hash))]).to.deep.equal(expected);
      expect(toChannel(hash)).to.deep.equal(expected);
    });

    it("gives back every hash", async () => {
      const random = seededRandom(8);
      for (let round = 0; round < 50; round++) {
        const any = toBeHex(random.ofBits(256), 32);
        const [to, amount] = await codec.toChannel(any);
        expect(await codec.fromChannel(to, amount)).to.equal(any);
      }
    });
  });

  describe("a need", () => {
    it("is an address: the number in the high 64 bits, the target in the low 96", async () => {
      const need = { number: 0x1122334455667788n, target: 0x99aabbccddeeff0011223344n };
      expect(await codec.toAddress(need)).to.equal(getAddress("0x112233445566778899aabbccddeeff0011223344"));
    });

    it("comes back as it was", async () => {
      const random = seededRandom(15);
      for (let round = 0; round < 50; round++) {
        const need = { number: random.ofBits(63), target: random.ofBits(95) };
        expect(fieldsOf(await codec.toNeed(await codec.toAddress(need)))).to.deep.equal(need);
      }
    });
  });
});
