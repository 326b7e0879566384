import { setBalance } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { type Provider, parseEther } from "ethers";

import { requestRedeem, requestRedeemStaked } from "../../../../scripts/lib/demo/actions";
import { advance } from "../../../../scripts/lib/demo/world";
import type { Health } from "../../../../scripts/lib/health/health";
import { exitHeadroom } from "../../../../scripts/lib/health/readL1";
import { type HealthOptions, readHealth } from "../../../../scripts/lib/health/readHealth";
import type { Reading } from "../../../../scripts/lib/health/reading";
import {
  type ProtocolWorld,
  arriveDown,
  deliver,
  emptyProtocol,
  livingProtocol,
  takeReport,
} from "../../../helpers/protocol";
import { sdkDeployment } from "../../../helpers/sdk/context";
import { failing, faulty } from "../../../helpers/sdk/faultyProvider";
import { depositOnL1 } from "../../../../scripts/lib/demo/actions";

describe("readHealth", () => {
  it("reads every part of a living protocol", async () => {
    const world = await livingProtocol();
    const health = await healthOf(world, { keeper: world.people.keeper.address });
    expect(unknownParts(health)).to.deep.equal([]);
  });
});

async function healthOf(world: ProtocolWorld, options: Partial<HealthOptions> = {}): Promise<Health> {
  return readHealth({
    ...{ l1: world.l1.provider, l2: world.l2.provider, deployment: sdkDeployment(world.protocol) },
    now: await world.l1.now(),
    ...options,
  });
}

function unknownParts(health: Health): readonly string[] {
  return Object.entries(health)
    .filter(([, part]) => isUnknown(part))
    .map(([name, part]) => `${name}: ${JSON.stringify(part)}`);
}

function isUnknown(part: unknown): part is Extract<Reading<never>, { type: "unknown" }> {
  return typeof part === "object" && part !== null && "type" in part && part.type === "unknown";
}
