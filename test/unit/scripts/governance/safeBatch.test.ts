import { expect } from "chai";

import { checksumOf, safeBatch } from "../../../../scripts/lib/governance/safeBatch";

/** A file that the Transaction Builder 1.18.2 wrote itself, published with its checksum. */
const written = {
  version: "1.0",
  chainId: "1",
  createdAt: 1_761_326_849_944,
  meta: {
    name: "Transactions Batch",
    description: "",
    txBuilderVersion: "1.18.2",
    createdFromSafeAddress: "0xA77DE01e157f9f57C7c4A326eeE9C4874D0598b6",
    createdFromOwnerAddress: "",
    checksum: "0x8b5032f716845c8b08bab3d63dbd9ba92e056f3557793cd041e59b84e16aa989",
  },
  transactions: [
    {
      to: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
      value: "0",
      data: null,
      contractMethod: {
        inputs: [
          { internalType: "address", name: "spender", type: "address" },
          { internalType: "uint256", name: "value", type: "uint256" },
        ],
        name: "approve",
        payable: false,
      },
      contractInputsValues: { spender: "0x474e5Ded6b5D078163BFB8F6dBa355C3aA5478C8", value: "100000000000" },
    },
  ],
};

const safe = "0xA77DE01e157f9f57C7c4A326eeE9C4874D0598b6";
const parameters = {
  ...{ chainId: 1_088, createdAt: 1_700_000_000_000, safe, name: "a name", description: "what it does" },
  transactions: [{ to: written.transactions[0]!.to, value: 10n ** 30n, data: "0x12345678" }],
};

describe("A batch for a Safe", () => {
  it("has the checksum that the Transaction Builder computes", () => {
    expect(checksumOf(written)).to.equal(written.meta.checksum);
  });

  it("keeps its checksum when it is only called something else, and no other change does", () => {
    const batch = safeBatch(parameters);
    expect(checksumOf({ ...batch, meta: { ...batch.meta, name: "another" } })).to.equal(batch.meta.checksum);
    const elsewhere = { ...batch, chainId: "1" };
    expect(checksumOf(elsewhere)).not.to.equal(batch.meta.checksum);
    expect(checksumOf({ ...batch, meta: { ...batch.meta, description: "" } })).not.to.equal(batch.meta.checksum);
  });

  it("is what the builder's format 1.0 asks for: texts for numbers, calldata, no method", () => {
    const { meta, ...batch } = safeBatch(parameters);
    expect(batch).to.deep.equal({
      version: "1.0",
      chainId: "1088",
      createdAt: 1_700_000_000_000,
      transactions: [
        {
          to: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
          value: "1000000000000000000000000000000",
          data: "0x12345678",
          contractMethod: null,
          contractInputsValues: null,
        },
      ],
    });
    expect(meta.createdFromSafeAddress).to.equal(safe);
  });

  it("stays what it is through a file", () => {
    const batch = safeBatch(parameters);
    const read = JSON.parse(JSON.stringify(batch)) as typeof batch;
    expect(checksumOf(read)).to.equal(batch.meta.checksum);
  });
});
