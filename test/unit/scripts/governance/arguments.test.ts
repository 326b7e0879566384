import { expect } from "chai";
import { Interface } from "ethers";

import { encodeCall } from "../../../../scripts/lib/governance/arguments";
import { ArgumentsError, UnknownFunctionError } from "../../../../scripts/lib/governance/errors";

const contract = new Interface([
  "function set(uint16 rate, address who)",
  "function configure(uint256 index, tuple(address operator, uint96 cap, bytes32 key) config)",
  "function flag(bool isOn, int8 step, bytes4[] selectors, bytes data)",
  "function pair(uint8[2] values)",
  "function twice(uint256 a)",
  "function twice(address a)",
  "function rate() view returns (uint16)",
]);
const target = { name: "Box", address: "0x0000000000000000000000000000000000000001", contract };
const who = "0xA77DE01e157f9f57C7c4A326eeE9C4874D0598b6";
const key = `0x${"11".repeat(32)}`;

describe("The arguments of a proposal", () => {
  const encode = (name: string, value: unknown) => encodeCall(target, name, JSON.stringify(value));
  const expectFault = (name: string, value: unknown, message: string) => {
    expect(() => encode(name, value)).to.throw(ArgumentsError, message);
  };

  it("are taken in the function's order", () => {
    expect(encode("set", [7, who])).to.equal(contract.encodeFunctionData("set", [7, who]));
  });

  it("are taken by name, tuples too, in any order", () => {
    const config = { key, cap: "79228162514264337593543950335", operator: who };
    expect(encode("configure", { config, index: "3" })).to.equal(
      contract.encodeFunctionData("configure", [3, [who, 2n ** 96n - 1n, key]]),
    );
  });

  it("are taken as lists, bytes and negative numbers", () => {
    expect(encode("flag", [true, -128, ["0x12345678"], "0x"])).to.equal(
      contract.encodeFunctionData("flag", [true, -128, ["0x12345678"], "0x"]),
    );
  });

  it("name the function's signature where a name is not enough", () => {
    expect(encode("twice(address)", [who])).to.equal(contract.encodeFunctionData("twice(address)", [who]));
    expect(() => encode("twice", [who])).to.throw(
      UnknownFunctionError,
      'Box has several functions called "twice": say one of twice(uint256), twice(address)',
    );
  });

  it("are of a function that exists and changes something", () => {
    const message = (name: string) => `Box has no function that changes something called "${name}": say one of set(`;
    expect(() => encode("sett", [])).to.throw(UnknownFunctionError, message("sett"));
    expect(() => encode("rate", [])).to.throw(UnknownFunctionError, message("rate"));
  });

  it("are JSON", () => {
    expect(() => encodeCall(target, "set", "7, 8")).to.throw(ArgumentsError, "the arguments are no JSON: 7, 8");
    expectFault("set", 7, "Box.set is 7: give a list or an object");
  });

  it("are as many as the function takes, with its names", () => {
    expectFault("set", [7], "Box.set takes 2 values (uint16 rate, address who): 1 are given");
    expectFault("set", { rate: 7 }, "Box.set is given no who");
    expectFault("set", { rate: 7, who, more: 1 }, "Box.set has no more: it takes rate, who");
  });

  it("fit their numbers, and are exact", () => {
    const expected = "it must be a whole number that fits uint16, as a text where it is great";
    expectFault("set", [65_536, who], `Box.set: rate is 65536: ${expected}`);
    expectFault("set", [-1, who], `Box.set: rate is -1: ${expected}`);
    expectFault("set", [1.5, who], `Box.set: rate is 1.5: ${expected}`);
    expectFault("set", ["1e3", who], `Box.set: rate is "1e3": ${expected}`);
    expectFault("set", [null, who], `Box.set: rate is null: ${expected}`);
    const great = '{"index": 9007199254740993, "config": {}}';
    expect(() => encodeCall(target, "configure", great)).to.throw(ArgumentsError, "Box.configure: index is");
    expectFault("flag", [true, 128, [], "0x"], "Box.flag: step is 128");
  });

  it("have addresses with a checksum", () => {
    const expected = "it must be an address with its checksum";
    for (const wrong of [who.toLowerCase(), who.replace("b6", "b7"), "0x12", 5]) {
      expectFault("set", [7, wrong], `Box.set: who is ${JSON.stringify(wrong)}: ${expected}`);
    }
  });

  it("name the place of a fault inside a tuple or a list", () => {
    const config = { operator: who, cap: 1, key: "0x11" };
    expectFault("configure", [0, config], 'Box.configure: config: key is "0x11": it must be bytes32 as hex');
    expectFault("flag", [true, 0, ["0x12"], "0x"], 'Box.flag: selectors[0] is "0x12": it must be bytes4 as hex');
    expectFault("flag", ["yes", 0, [], "0x"], 'Box.flag: isOn is "yes": it must be true or false');
    expectFault("pair", [[1, 2, 3]], "Box.pair: values is [1,2,3]: it must be a list of uint8");
  });
});
