import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { concat, hexlify, id, Signature, type TypedDataDomain, TypedDataEncoder, Wallet, ZeroAddress } from "ethers";

import { type Chain, type ContractOf, sharedChains } from "./chains";

/** A token whose permits also take the signatures of contracts. */
export type PermitToken = ContractOf<"EMetis"> | ContractOf<"SEMetis">;

/** What the conformance tests need. */
export interface PermitContext {
  readonly l2: Chain;
  readonly token: PermitToken;
  /** Brings other people's permits. */
  readonly relayer: HardhatEthersSigner;
  /** Signs, has no coin. */
  readonly owner: HardhatEthersSigner;
  readonly spender: string;
}

const types = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
const value = 1_234_567_890_123n;
const PERMIT_V = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)";
const PERMIT_BYTES = "permit(address,address,uint256,uint256,bytes)";

/** Permits in both forms, by accounts and by contracts, with the domain of ERC-5267. */
export function shouldBehaveLikePermitToken(name: string, setUp: () => Promise<PermitContext>): void {
  describe("as a token with permits", () => {
    let { l2, token, relayer, owner, spender } = {} as PermitContext;
    let domain: TypedDataDomain;
    let deadline: bigint;

    beforeEach(async () => {
      ({ l2, token, relayer, owner, spender } = await setUp());
      token = token.connect(relayer);
      domain = { name, version: "1", chainId: l2.chainId, verifyingContract: await token.getAddress() };
      deadline = BigInt(await l2.now()) + 1_000n;
    });

    const messageOf = (holder: string, nonce = 0n) => ({ owner: holder, spender, value, nonce, deadline });
    const sign = async (holder = owner.address, nonce = 0n) =>
      owner.signTypedData(domain, types, messageOf(holder, nonce));
    const hashOf = (holder: string) => TypedDataEncoder.hash(domain, types, messageOf(holder));
    const permit = async (holder: string, signature: string, until = deadline) =>
      token[PERMIT_BYTES](holder, spender, value, until, signature);
    const permitInParts = async (holder: string, signature: string, until = deadline) => {
      const { v, r, s } = Signature.from(signature);
      return token[PERMIT_V](holder, spender, value, until, v, r, s);
    };

    for (const [form, bring] of [
      ["in three parts", permitInParts],
      ["in one piece", permit],
    ] as const) {
      describe(`signature ${form}`, () => {
        it("sets the allowance that the owner signed, whoever brings it", async () => {
          await expect(bring(owner.address, await sign()))
            .to.emit(token, "Approval")
            .withArgs(owner.address, spender, value);
          expect(await token.allowance(owner, spender)).to.equal(value);
        });

        it("uses the nonce up", async () => {
          const signature = await sign();
          await bring(owner.address, signature);
          expect(await token.nonces(owner)).to.equal(1n);
          await expect(bring(owner.address, signature)).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
        });

        it("is good in the second of the deadline", async () => {
          const signature = await sign();
          await l2.setNextBlockTimestamp(Number(deadline));
          await expect(bring(owner.address, signature)).not.to.be.reverted;
        });

        it("is refused a second later", async () => {
          const signature = await sign();
          await l2.setNextBlockTimestamp(Number(deadline) + 1);
          await expect(bring(owner.address, signature))
            .to.be.revertedWithCustomError(token, "ERC2612ExpiredSignature")
            .withArgs(deadline);
        });

        it("names the signer when it is not the owner", async () => {
          const signature = await owner.signTypedData(domain, types, messageOf(relayer.address));
          await expect(bring(relayer.address, signature))
            .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
            .withArgs(owner.address, relayer.address);
        });

        it("never speaks for the zero address", async () => {
          await expect(bring(ZeroAddress, await sign(ZeroAddress)))
            .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
            .withArgs(owner.address, ZeroAddress);
        });

        it("is taken from an ERC-1271 contract", async () => {
          const wallet = await l2.deploy("TestERC1271Wallet", [owner.address]);
          const holder = await wallet.getAddress();
          await bring(holder, await sign(holder));
          expect(await token.allowance(holder, spender)).to.equal(value);
        });

        it("is refused when the ERC-1271 contract does not know it", async () => {
          const wallet = await l2.deploy("TestERC1271Wallet", [relayer.address]);
          const holder = await wallet.getAddress();
          await expect(bring(holder, await sign(holder)))
            .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
            .withArgs(owner.address, holder);
        });

        it("is refused for a contract that knows no signatures", async () => {
          const holder = await token.getAddress();
          await expect(bring(holder, await sign(holder)))
            .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
            .withArgs(owner.address, holder);
        });
      });
    }

    it("takes the longer signatures of contracts in one piece", async () => {
      const wallet = await l2.deploy("TestERC1271Wallet", [owner.address]);
      const holder = await wallet.getAddress();
      await permit(holder, concat([await sign(holder), hexlify(new Uint8Array(195).fill(0xa5))]));
      expect(await token.allowance(holder, spender)).to.equal(value);
    });

    it("refuses a longer signature of an account, as from nobody", async () => {
      await expect(permit(owner.address, concat([await sign(), "0x00"])))
        .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
        .withArgs(ZeroAddress, owner.address);
    });

    it("refuses the other half of the curve, so that no signature has a twin", async () => {
      const signature = Signature.from(await sign());
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const twin = `0x${(order - BigInt(signature.s)).toString(16).padStart(64, "0")}`;
      await expect(token[PERMIT_V](owner, spender, value, deadline, signature.v === 27 ? 28 : 27, signature.r, twin))
        .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
        .withArgs(ZeroAddress, owner.address);
    });

    it("counts both forms with one nonce", async () => {
      await permitInParts(owner.address, await sign());
      await permit(owner.address, await sign(owner.address, 1n));
      expect(await token.nonces(owner)).to.equal(2n);
    });

    it("tells its domain by ERC-5267 and by its separator", async () => {
      const { fields, name: domainName, version, chainId, verifyingContract } = await token.eip712Domain();
      expect([fields, domainName, version, chainId, verifyingContract]).to.deep.equal([
        "0x0f",
        name,
        "1",
        BigInt(l2.chainId),
        await token.getAddress(),
      ]);
      expect(await token.DOMAIN_SEPARATOR()).to.equal(TypedDataEncoder.hashDomain(domain));
    });

    it("shows the type of what is signed", async () => {
      expect(await token.PERMIT_TYPEHASH()).to.equal(id(TypedDataEncoder.from(types).encodeType("Permit")));
    });

    it("follows a fork of the chain: a permit of one side is none on the other", async () => {
      const { l1 } = await sharedChains();
      const address = await token.getAddress();
      await l1.setCode(address, await l2.provider.getCode(address));
      const fork = await l1.attach("EMetis", address);
      expect(await fork.DOMAIN_SEPARATOR()).to.equal(TypedDataEncoder.hashDomain({ ...domain, chainId: l1.chainId }));
      const signature = await sign();
      await expect(
        fork.getFunction(PERMIT_BYTES).staticCall(owner, spender, value, 2n ** 255n, signature),
      ).to.be.revertedWithCustomError(fork, "ERC2612InvalidSigner");
    });

    it("is signed over the digest that wallets compute", async () => {
      const key = new Wallet(`0x${"11".repeat(32)}`);
      const signature = key.signingKey.sign(hashOf(key.address)).serialized;
      await permit(key.address, signature);
      expect(await token.allowance(key, spender)).to.equal(value);
    });
  });
}
