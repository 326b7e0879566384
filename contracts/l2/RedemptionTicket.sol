// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC721} from "solady/src/tokens/ERC721.sol";
import {LibString} from "solady/src/utils/LibString.sol";

import {IRedemptionQueue} from "../interfaces/IRedemptionQueue.sol";

/// @title RedemptionTicket
/// @notice The tickets of {RedemptionQueue} as ERC-721 tokens: who owns which part of the line, and how much of it was claimed.
/// @dev A ticket is one word: its owner and, as the token's extra data, its assets, doubled, plus 1 once it was claimed in part.
abstract contract RedemptionTicket is IRedemptionQueue, ERC721 {
    /// @custom:storage-location erc7201:emetis.storage.RedemptionTicket
    struct RedemptionTicketStorage {
        /// Up to where a ticket was claimed, for those claimed in part.
        mapping(uint256 id => uint256 position) claimedUntil;
    }

    // keccak256(abi.encode(uint256(keccak256("emetis.storage.RedemptionTicket")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0x22181d8d76782bfdf84c2f1d7e9e2e0acf16f97a4240597698de5166f4680800;

    /// @notice Name of the ERC-721.
    function name() public pure override returns (string memory) {
        return "eMetis Redemption Ticket";
    }

    /// @notice Symbol of the ERC-721.
    function symbol() public pure override returns (string memory) {
        return "eMetisRT";
    }

    /// @notice Metadata of ticket `id`, complete in itself: its name. All else changes and is in `ticket(id)`.
    function tokenURI(uint256 id) public view override returns (string memory) {
        _requireOwner(id);
        // solhint-disable-next-line quotes
        return string.concat('data:application/json,{"name":"', name(), " ", LibString.toString(id), '"}');
    }

    /// @notice As ERC-721 says. Takes no METIS, whatever the base contract allows.
    function approve(address account, uint256 id) public payable override {
        require(msg.value == 0, RedemptionQueue__ValueNotTaken(msg.value));
        super.approve(account, id);
    }

    /// @dev Transfers take no METIS either.
    function _beforeTokenTransfer(address, address, uint256) internal override {
        require(msg.value == 0, RedemptionQueue__ValueNotTaken(msg.value));
    }

    /// @dev Mints `[id, id + assets)` of the line to `owner`, without a callback. Nobody holds that much eMetis that doubling
    /// it would not fit: there are 1e25 wei of METIS.
    function _mintTicket(uint256 id, uint256 assets, address owner) internal {
        _mintAndSetExtraDataUnchecked(owner, id, uint96(assets << 1));
    }

    /// @dev The claimed part of ticket `id`, which ends at `end`, now ends at `until`; at its end the ticket is gone.
    function _setClaimedUntil(uint256 id, uint256 end, uint256 until) internal {
        mapping(uint256 id => uint256 position) storage claimedUntil = _ticketStorage().claimedUntil;
        uint96 data = _getExtraData(id);
        bool isPartlyClaimed = data & 1 == 1;
        if (until < end) {
            claimedUntil[id] = until;
            if (!isPartlyClaimed) _setExtraData(id, data | 1);
            return;
        }
        if (isPartlyClaimed) delete claimedUntil[id];
        _setExtraData(id, 0);
        _burn(id);
    }

    /// @dev What is unclaimed of ticket `id`: nothing when there is no such ticket.
    function _unclaimed(uint256 id) internal view returns (uint256 from, uint256 end) {
        uint96 data = _getExtraData(id);
        from = data & 1 == 1 ? _ticketStorage().claimedUntil[id] : id;
        end = id + (data >> 1);
    }

    /// @dev The owner of ticket `id`, which must exist.
    function _requireOwner(uint256 id) internal view returns (address owner) {
        owner = _ownerOf(id);
        require(owner != address(0), RedemptionQueue__UnknownTicket(id));
    }

    function _ticketStorage() private pure returns (RedemptionTicketStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_SLOT
        }
    }
}
