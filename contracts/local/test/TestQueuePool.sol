// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IEMetis} from "../../interfaces/IEMetis.sol";
import {IRedemptionQueue} from "../../interfaces/IRedemptionQueue.sol";
import {ISEMetis} from "../../interfaces/ISEMetis.sol";

/// @title TestQueuePool
/// @notice Plays StakingPool for the tests of the queue: anyone may have it mint, stake, reward and finalise, and says what the
/// views answer that the queue reads. Like StakingPool it has no receive().
contract TestQueuePool {
    IEMetis public immutable EMETIS;
    ISEMetis public immutable SEMETIS;
    IRedemptionQueue public immutable QUEUE;

    uint256 public buffer;
    uint256 public inboundAssets;
    uint256 public withdrawableOnL1;
    uint256 public finalisationCutoff;

    constructor(IEMetis eMetis, ISEMetis seMetis, IRedemptionQueue queue) {
        EMETIS = eMetis;
        SEMETIS = seMetis;
        QUEUE = queue;
    }

    /// @notice Takes METIS for later calls of {fundQueue}.
    function fill() external payable {}

    /// @notice Mints `assets` wei of eMetis to `receiver`.
    function mint(address receiver, uint256 assets) external {
        EMETIS.mint(receiver, assets);
    }

    /// @notice Mints `assets` wei of eMetis and stakes them for `receiver`.
    function stake(address receiver, uint256 assets) external returns (uint256 shares) {
        EMETIS.mint(address(SEMETIS), assets);
        return SEMETIS.depositMinted(assets, receiver);
    }

    /// @notice Adds `reward` wei of eMetis to the stream of seMetis, for `duration` seconds.
    function addReward(uint256 reward, uint256 duration) external {
        EMETIS.mint(address(SEMETIS), reward);
        SEMETIS.addReward(reward, duration);
    }

    /// @notice Sets what the views answer.
    function setLiquidity(uint256 here, uint256 onTheWay, uint256 onL1, uint256 cutoff) external {
        (buffer, inboundAssets, withdrawableOnL1, finalisationCutoff) = (here, onTheWay, onL1, cutoff);
    }

    /// @notice Finalises as told, with the METIS sent along.
    function finalise(uint256 until, uint256 rate) external payable returns (uint256 supply) {
        return QUEUE.finalise{value: msg.value}(until, rate);
    }

    /// @notice Finalises what `assets` wei allow, as StakingPool does, out of what {fill} took.
    function fundQueue(uint256 assets, uint256 rate, uint256 cutoff) external returns (uint256 until, uint256 payout) {
        uint256 from = QUEUE.finalisedUntil();
        (until, payout) = QUEUE.finalisable(assets, rate, cutoff);
        if (until != from) QUEUE.finalise{value: payout}(until, rate);
    }
}
