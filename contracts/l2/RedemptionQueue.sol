// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeTransferLib} from "solady/src/utils/SafeTransferLib.sol";

import {IEMetis} from "../interfaces/IEMetis.sol";
import {IPermit} from "../interfaces/IPermit.sol";
import {IRedemptionQueue} from "../interfaces/IRedemptionQueue.sol";
import {ISEMetis} from "../interfaces/ISEMetis.sol";
import {IStakingPool} from "../interfaces/IStakingPool.sol";
import {ClaimEstimate} from "../libraries/ClaimEstimate.sol";
import {HourlyLine} from "../libraries/HourlyLine.sol";
import {RateCheckpoints} from "../libraries/RateCheckpoints.sol";
import {RedemptionTicket} from "./RedemptionTicket.sol";

/// @title RedemptionQueue
/// @notice See {IRedemptionQueue}.
/// @dev eMetis and seMetis are our own tokens, without hooks. Whoever is paid may call back: what is paid is booked by then.
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract RedemptionQueue is RedemptionTicket, AccessManagedUpgradeable, UUPSUpgradeable {
    using HourlyLine for HourlyLine.Line;
    using RateCheckpoints for RateCheckpoints.Trace;

    /// @dev What is unclaimed of a ticket, `[from, end)`, can be claimed up to `until`.
    struct Due {
        uint256 from;
        uint256 until;
        uint256 end;
    }

    /// @custom:storage-location erc7201:emetis.storage.RedemptionQueue
    struct RedemptionQueueStorage {
        /// The line: up to where it was asked for, and when.
        HourlyLine.Line requested;
        /// The part of it that METIS came for, at which rates, and how much of that METIS was claimed.
        RateCheckpoints.Trace finalised;
    }

    /// @inheritdoc IRedemptionQueue
    uint256 public constant MIN_TICKET = 0.01 ether;
    /// @notice Gas that each ticket in a batch over several owners must have: for a million rates and a payment to a new account.
    uint256 public constant CLAIM_GAS = 150_000;

    // keccak256(abi.encode(uint256(keccak256("emetis.storage.RedemptionQueue")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x007f77f28c8748a838de471625945f538758e8c93ea76a8c24bc876707ed6200;

    /// @notice The token that tickets are made of.
    IEMetis public immutable EMETIS;
    /// @notice The vault whose shares can become a ticket directly.
    ISEMetis public immutable SEMETIS;
    /// @notice The only one that can finalise.
    IStakingPool public immutable STAKING_POOL;

    constructor(IEMetis eMetis, ISEMetis seMetis, IStakingPool stakingPool) {
        EMETIS = eMetis;
        SEMETIS = seMetis;
        STAKING_POOL = stakingPool;
        _disableInitializers();
    }

    /// @notice Sets who has power here: to upgrade, nothing else.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
        _storage().requested.begin();
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
        uint256 end = requestedUntil();
        ids = new uint256[](assets.length);
        for (uint256 i = 0; i < assets.length; ++i) {
            ids[i] = end;
            end = _openTicket(end, assets[i], owner);
        }
        _storage().requested.growTo(end);
        EMETIS.transferFrom(msg.sender, address(this), end - ids[0]);
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
        Due memory due = _due(id);
        require(due.from < due.until, RedemptionQueue__NotFinalised(due.from, due.until));
        paid = _settle(id, due, owner, owner);
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
            Due memory due = _due(ids[i]);
            if (due.from < due.until) paid += _settle(ids[i], due, owner, receiver);
        }
        _pay(receiver, paid);
    }

    /// @inheritdoc IRedemptionQueue
    function finalise(uint256 until, uint256 rate) external payable returns (uint256 supply) {
        require(msg.sender == address(STAKING_POOL), RedemptionQueue__Unauthorized(msg.sender));
        require(rate != 0 && rate <= RateCheckpoints.ONE, RedemptionQueue__RateOutOfBounds(rate));
        RateCheckpoints.Trace storage finalised = _storage().finalised;
        uint256 from = finalised.end;
        bool isWithin = from < until && until <= requestedUntil();
        uint256 payout = isWithin ? finalised.extend(until, rate) : 0;
        require(isWithin && msg.value == payout, RedemptionQueue__WrongFinalisation(until, msg.value, payout));
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
        uint256 from = $.finalised.end;
        uint256 limit = $.requested.endAt(cutoff);
        if (limit <= from || rate == 0 || rate > RateCheckpoints.ONE) return (from, 0);
        return $.finalised.furthest(limit, rate, assets);
    }

    /// @inheritdoc IRedemptionQueue
    function requestedUntil() public view returns (uint256 position) {
        return _storage().requested.head.end;
    }

    /// @inheritdoc IRedemptionQueue
    function finalisedUntil() public view returns (uint256 position) {
        return _storage().finalised.end;
    }

    /// @inheritdoc IRedemptionQueue
    function pending() public view returns (uint256 assets) {
        return requestedUntil() - finalisedUntil();
    }

    /// @inheritdoc IRedemptionQueue
    function reserved() public view returns (uint256 assets) {
        RateCheckpoints.Trace storage finalised = _storage().finalised;
        return finalised.payoutAt(finalised.end) - finalised.handedOut;
    }

    /// @inheritdoc IRedemptionQueue
    function payoutAt(uint256 position) public view returns (uint256 assets) {
        RateCheckpoints.Trace storage finalised = _storage().finalised;
        require(position <= finalised.end, RedemptionQueue__NotFinalised(position, finalised.end));
        return finalised.payoutAt(position);
    }

    /// @inheritdoc IRedemptionQueue
    function ticket(uint256 id) external view returns (Ticket memory) {
        address owner = _requireOwner(id);
        Due memory due = _due(id);
        uint256 claimable = due.from < due.until ? _storage().finalised.payoutBetween(due.from, due.until) : 0;
        return Ticket({owner: owner, end: due.end, claimedUntil: due.from, claimable: claimable});
    }

    /// @inheritdoc IRedemptionQueue
    function estimateClaimTime(uint256 id) external view returns (uint256 timestamp) {
        _requireOwner(id);
        return ClaimEstimate.timestamp(STAKING_POOL, _storage().requested, finalisedUntil(), _due(id).end);
    }

    /// @dev Opens one ticket at the end of the line.
    function _request(uint256 assets, address owner) private returns (uint256 id) {
        id = requestedUntil();
        _storage().requested.growTo(_openTicket(id, assets, owner));
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
        for (uint256 i = 0; i < ids.length; ++i) {
            Due memory due = _due(ids[i]);
            if (due.from < due.until) paid += _settle(ids[i], due, owner, owner);
        }
        _pay(owner, paid);
    }

    /// @dev Books what is due of ticket `id` as claimed.
    function _settle(uint256 id, Due memory due, address owner, address receiver) private returns (uint256 paid) {
        paid = _storage().finalised.payoutBetween(due.from, due.until);
        _setClaimedUntil(id, due.end, due.until);
        emit RedemptionClaimed(id, owner, receiver, due.from, due.until, paid);
    }

    function _pay(address receiver, uint256 assets) private {
        if (assets == 0) return;
        _storage().finalised.handOut(assets);
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

    /// @dev What can be claimed of ticket `id` now; nothing of one that is gone.
    function _due(uint256 id) private view returns (Due memory due) {
        (due.from, due.end) = _unclaimed(id);
        due.until = Math.min(due.end, finalisedUntil());
    }

    function _authorizeUpgrade(address) internal override restricted {}

    function _storage() private pure returns (RedemptionQueueStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
