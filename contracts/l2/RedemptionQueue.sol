// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeTransferLib} from "solady/src/utils/SafeTransferLib.sol";

import {IEMetis} from "../interfaces/IEMetis.sol";
import {IPermit} from "../interfaces/IPermit.sol";
import {IRedemptionQueue} from "../interfaces/IRedemptionQueue.sol";
import {ISEMetis} from "../interfaces/ISEMetis.sol";
import {IStakingPool} from "../interfaces/IStakingPool.sol";
import {ClaimEstimate} from "../libraries/ClaimEstimate.sol";
import {HourTrace} from "../libraries/HourTrace.sol";
import {RateCheckpoints} from "../libraries/RateCheckpoints.sol";
import {RedemptionTicket} from "./RedemptionTicket.sol";

/// @title RedemptionQueue
/// @notice See {IRedemptionQueue}.
/// @dev eMetis and seMetis are our own tokens, without hooks. Whoever is paid may call back: what is paid is booked by then.
contract RedemptionQueue is RedemptionTicket, AccessManagedUpgradeable, UUPSUpgradeable {
    using HourTrace for HourTrace.Trace;
    using RateCheckpoints for RateCheckpoints.Checkpoint;
    using RateCheckpoints for RateCheckpoints.Trace;
    using SafeCast for uint256;

    /// @dev One word, read by everything.
    struct Line {
        /// Where it ends.
        uint96 requestedUntil;
        /// Up to where METIS is here for it.
        uint96 finalisedUntil;
        /// The hour of the last request, counted from 1970; it never goes back, as the clock here may.
        uint32 hour;
        /// Where the ring of `hourly` goes on.
        uint8 nextHour;
        /// How many checkpoints `rates` has.
        uint24 rateCount;
    }

    /// @custom:storage-location erc7201:emetis.storage.RedemptionQueue
    struct RedemptionQueueStorage {
        /// The line itself.
        Line line;
        /// Wei of METIS that claims have paid.
        uint256 paid;
        /// What was paid for the line, up to each position.
        RateCheckpoints.Trace rates;
        /// Where the line ended after each hour with requests.
        HourTrace.Trace hourly;
    }

    /// @inheritdoc IRedemptionQueue
    uint256 public constant MIN_TICKET = 0.01 ether;
    /// @notice Gas that each ticket in a batch over several owners must have for itself: its bookkeeping, even with millions of
    /// rates, and a payment to a new account.
    uint256 public constant CLAIM_GAS = 150_000;

    // keccak256(abi.encode(uint256(keccak256("emetis.storage.RedemptionQueue")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x007f77f28c8748a838de471625945f538758e8c93ea76a8c24bc876707ed6200;

    /// @notice The token that tickets are made of.
    IEMetis public immutable EMETIS;
    /// @notice The vault whose shares can become a ticket directly.
    ISEMetis public immutable SEMETIS;
    /// @notice The only one that can finalise.
    IStakingPool public immutable STAKING_POOL;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IEMetis eMetis, ISEMetis seMetis, IStakingPool stakingPool) {
        EMETIS = eMetis;
        SEMETIS = seMetis;
        STAKING_POOL = stakingPool;
        _disableInitializers();
    }

    /// @notice Sets who has power here: to upgrade, nothing else.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
        RedemptionQueueStorage storage $ = _storage();
        $.line.hour = (block.timestamp / HourTrace.HOUR).toUint32();
        $.hourly.warm();
    }

    /// @inheritdoc IRedemptionQueue
    function requestRedeem(uint256 assets, address owner) public returns (uint256 id) {
        id = _request(assets, owner);
        EMETIS.transferFrom(msg.sender, address(this), assets);
    }

    /// @inheritdoc IRedemptionQueue
    function requestRedeemWithPermit(
        uint256 assets,
        address owner,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 id) {
        _permit(address(EMETIS), assets, deadline, signature);
        return requestRedeem(assets, owner);
    }

    /// @inheritdoc IRedemptionQueue
    function requestRedeemBatch(uint256[] calldata assets, address owner) external returns (uint256[] memory ids) {
        require(assets.length != 0, RedemptionQueue__EmptyBatch());
        Line memory line = _lineOfThisHour();
        uint256 from = line.requestedUntil;
        uint256 end = from;
        ids = new uint256[](assets.length);
        for (uint256 i = 0; i < assets.length; ++i) {
            ids[i] = end;
            end = _openTicket(end, assets[i], owner);
        }
        line.requestedUntil = end.toUint96();
        _storage().line = line;
        EMETIS.transferFrom(msg.sender, address(this), end - from);
    }

    /// @inheritdoc IRedemptionQueue
    function requestRedeemStaked(uint256 shares, address owner) public returns (uint256 id) {
        return _request(SEMETIS.redeem(shares, address(this), msg.sender), owner);
    }

    /// @inheritdoc IRedemptionQueue
    function requestRedeemStakedWithPermit(
        uint256 shares,
        address owner,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 id) {
        _permit(address(SEMETIS), shares, deadline, signature);
        return requestRedeemStaked(shares, owner);
    }

    /// @inheritdoc IRedemptionQueue
    function claim(uint256 id) external returns (uint256 paid) {
        address owner = _requireOwner(id);
        (uint256 from, ) = _unclaimed(id);
        uint256 until = finalisedUntil();
        require(from < until, RedemptionQueue__NotFinalised(from, until));
        paid = _settle(id, owner, owner);
        _pay(owner, paid);
    }

    /// @inheritdoc IRedemptionQueue
    function claimBatch(uint256[] calldata ids) external returns (uint256 paid) {
        require(ids.length != 0, RedemptionQueue__EmptyBatch());
        (address owner, uint256 end) = _run(ids, 0);
        if (end == ids.length) return _claimRun(ids, owner);
        for (uint256 start = 0; start < ids.length; start = end) {
            (owner, end) = _run(ids, start);
            // Whoever burns all gas burns his share only; and who estimates gas is not answered with what makes claims fail.
            uint256 available = (gasleft() * (end - start)) / (ids.length - start);
            uint256 needed = CLAIM_GAS * (end - start);
            require(available >= needed, RedemptionQueue__TooLittleGas(available, needed));
            try this.claimBatch{gas: available}(ids[start:end]) returns (uint256 paidToOwner) {
                paid += paidToOwner;
            } catch (bytes memory reason) {
                emit ClaimSkipped(owner, reason);
            }
        }
    }

    /// @inheritdoc IRedemptionQueue
    function claimTo(uint256[] calldata ids, address receiver) external returns (uint256 paid) {
        require(ids.length != 0, RedemptionQueue__EmptyBatch());
        require(receiver != address(0), RedemptionQueue__ZeroAddress());
        for (uint256 i = 0; i < ids.length; ++i) {
            address owner = _ownerOf(ids[i]);
            if (owner == address(0)) continue;
            require(_isApprovedOrOwner(msg.sender, ids[i]), RedemptionQueue__NotApproved(ids[i], msg.sender));
            paid += _settle(ids[i], owner, receiver);
        }
        _pay(receiver, paid);
    }

    /// @inheritdoc IRedemptionQueue
    function finalise(uint256 until, uint256 rate) external payable returns (uint256 supply) {
        require(msg.sender == address(STAKING_POOL), RedemptionQueue__Unauthorized(msg.sender));
        require(rate != 0 && rate <= RateCheckpoints.ONE, RedemptionQueue__RateOutOfBounds(rate));
        RedemptionQueueStorage storage $ = _storage();
        Line memory line = $.line;
        uint256 from = line.finalisedUntil;
        require(from < until && until <= line.requestedUntil, RedemptionQueue__WrongFinalisation(until, msg.value, 0));
        (RateCheckpoints.Checkpoint memory stretch, bool isNew) = $.rates.next(line.rateCount, from, rate);
        uint256 payout = stretch.payoutAt(until) - stretch.payoutAt(from);
        require(msg.value == payout, RedemptionQueue__WrongFinalisation(until, msg.value, payout));

        if (isNew) $.rates.checkpoints[line.rateCount++] = stretch;
        // Fits: it is at most requestedUntil.
        line.finalisedUntil = uint96(until);
        $.line = line;
        emit RedemptionsFinalised(from, until, rate, payout);
        return EMETIS.burn(address(this), until - from);
    }

    /// @inheritdoc IRedemptionQueue
    function skim() external returns (uint256 assets, uint256 burned) {
        assets = address(this).balance - reserved();
        burned = EMETIS.balanceOf(address(this)) - pending();
        if (assets == 0 && burned == 0) return (0, 0);
        emit SurplusSkimmed(assets, burned);
        if (burned != 0) EMETIS.burn(address(this), burned);
        if (assets != 0) SafeTransferLib.forceSafeTransferETH(address(STAKING_POOL), assets);
    }

    /// @inheritdoc IRedemptionQueue
    function finalisable(
        uint256 assets,
        uint256 rate,
        uint256 cutoff
    ) external view returns (uint256 until, uint256 payout) {
        RedemptionQueueStorage storage $ = _storage();
        Line memory line = $.line;
        uint256 from = line.finalisedUntil;
        uint256 limit = _askedUntil(line, cutoff);
        if (limit <= from || rate == 0 || rate > RateCheckpoints.ONE) return (from, 0);
        (RateCheckpoints.Checkpoint memory stretch, ) = $.rates.next(line.rateCount, from, rate);
        uint256 paidBefore = stretch.payoutAt(from);
        // No part of the line is worth more METIS than it is long.
        until = Math.min(limit, stretch.furthest(paidBefore + Math.min(assets, limit - from)));
        payout = stretch.payoutAt(until) - paidBefore;
        if (payout == 0 && until < limit) until = from;
    }

    /// @inheritdoc IRedemptionQueue
    function requestedUntil() public view returns (uint256 position) {
        return _storage().line.requestedUntil;
    }

    /// @inheritdoc IRedemptionQueue
    function finalisedUntil() public view returns (uint256 position) {
        return _storage().line.finalisedUntil;
    }

    /// @inheritdoc IRedemptionQueue
    function pending() public view returns (uint256 assets) {
        Line memory line = _storage().line;
        return line.requestedUntil - line.finalisedUntil;
    }

    /// @inheritdoc IRedemptionQueue
    function reserved() public view returns (uint256 assets) {
        return payoutAt(finalisedUntil()) - _storage().paid;
    }

    /// @inheritdoc IRedemptionQueue
    function payoutAt(uint256 position) public view returns (uint256 assets) {
        RedemptionQueueStorage storage $ = _storage();
        Line memory line = $.line;
        require(position <= line.finalisedUntil, RedemptionQueue__NotFinalised(position, line.finalisedUntil));
        return $.rates.payoutAt(line.rateCount, position);
    }

    /// @inheritdoc IRedemptionQueue
    function ticket(uint256 id) external view returns (Ticket memory) {
        address owner = _requireOwner(id);
        (uint256 from, uint256 end) = _unclaimed(id);
        uint256 until = Math.min(end, finalisedUntil());
        uint256 claimable = from < until ? payoutAt(until) - payoutAt(from) : 0;
        return Ticket({owner: owner, end: end, claimedUntil: from, claimable: claimable});
    }

    /// @inheritdoc IRedemptionQueue
    function estimateClaimTime(uint256 id) external view returns (uint256 timestamp) {
        _requireOwner(id);
        (, uint256 end) = _unclaimed(id);
        Line memory line = _storage().line;
        if (end <= line.finalisedUntil) return block.timestamp;
        uint256 cutoff = STAKING_POOL.finalisationCutoff();
        uint256 reports = 0;
        while (reports < 2 && end > _askedUntil(line, cutoff + reports * ClaimEstimate.REPORT_PERIOD)) ++reports;
        return ClaimEstimate.timestamp(STAKING_POOL, end - line.finalisedUntil, cutoff, reports);
    }

    /// @dev Opens one ticket at the end of the line.
    function _request(uint256 assets, address owner) private returns (uint256 id) {
        Line memory line = _lineOfThisHour();
        id = line.requestedUntil;
        line.requestedUntil = _openTicket(id, assets, owner).toUint96();
        _storage().line = line;
    }

    /// @dev The line, after the hours before this one were closed.
    function _lineOfThisHour() private returns (Line memory line) {
        RedemptionQueueStorage storage $ = _storage();
        line = $.line;
        uint256 hour = block.timestamp / HourTrace.HOUR;
        if (hour <= line.hour) return line;
        line.nextHour = $.hourly.push(line.nextHour, hour - line.hour, line.requestedUntil);
        line.hour = hour.toUint32();
    }

    function _openTicket(uint256 id, uint256 assets, address owner) private returns (uint256 end) {
        require(owner != address(0), RedemptionQueue__ZeroAddress());
        require(assets >= MIN_TICKET, RedemptionQueue__BelowMinimum(assets, MIN_TICKET));
        end = id + assets;
        _mintTicket(id, assets, owner);
        emit RedemptionRequested(id, owner, msg.sender, assets, end);
    }

    /// @dev Somebody else may have brought the permit already: then there is the allowance, else the transfer says what lacks.
    function _permit(address token, uint256 value, uint256 deadline, bytes calldata signature) private {
        try IPermit(token).permit(msg.sender, address(this), value, deadline, signature) {} catch {}
    }

    function _claimRun(uint256[] calldata ids, address owner) private returns (uint256 paid) {
        for (uint256 i = 0; i < ids.length; ++i) paid += _settle(ids[i], owner, owner);
        _pay(owner, paid);
    }

    /// @dev Books the finalised part of ticket `id` as paid. 0 when there is none, or no such ticket.
    function _settle(uint256 id, address owner, address receiver) private returns (uint256 paid) {
        (uint256 from, uint256 end) = _unclaimed(id);
        RedemptionQueueStorage storage $ = _storage();
        Line memory line = $.line;
        uint256 until = Math.min(end, line.finalisedUntil);
        if (until <= from) return 0;
        paid = $.rates.payoutAt(line.rateCount, until) - $.rates.payoutAt(line.rateCount, from);
        _setClaimedUntil(id, end, until);
        emit RedemptionClaimed(id, owner, receiver, from, until, paid);
    }

    function _pay(address receiver, uint256 assets) private {
        if (assets == 0) return;
        _storage().paid += assets;
        bool isPaid = SafeTransferLib.trySafeTransferETH(receiver, assets, gasleft());
        require(isPaid, RedemptionQueue__PaymentFailed(receiver, assets));
    }

    /// @dev The tickets of one owner that begin at `start`, up to `end`. One that is gone belongs to any run.
    function _run(uint256[] calldata ids, uint256 start) private view returns (address owner, uint256 end) {
        for (end = start; end < ids.length; ++end) {
            address next = _ownerOf(ids[end]);
            if (next == address(0) || next == owner) continue;
            if (owner != address(0)) return (owner, end);
            owner = next;
        }
    }

    /// @dev Where the line ended at `cutoff`, or a little before: a ticket counts as asked for at the end of its hour.
    function _askedUntil(Line memory line, uint256 cutoff) private view returns (uint256 position) {
        uint256 endedHours = cutoff / HourTrace.HOUR;
        if (endedHours > line.hour) return line.requestedUntil;
        // The last hour that had ended is endedHours - 1.
        return _storage().hourly.endBefore(line.nextHour, line.hour + 1 - endedHours);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    function _storage() private pure returns (RedemptionQueueStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
