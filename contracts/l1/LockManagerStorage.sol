// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IVaultOperations} from "../interfaces/IVaultOperations.sol";
import {RateLimit} from "../libraries/RateLimit.sol";
import {VaultBook} from "../libraries/VaultBook.sol";

/// @title LockManagerStorage
/// @notice All that LockManager remembers.
abstract contract LockManagerStorage is IVaultOperations {
    /// @custom:storage-location erc7201:emetis.storage.LockManager
    struct Layout {
        /// Wei of METIS held here.
        uint88 idle;
        /// Wei of METIS owed to all operators, the sum of the books'.
        uint88 owed;
        /// When a loss was last seen, Unix seconds.
        uint32 lossSeenAt;
        /// Since when the need could not be reached, Unix seconds; 0: it is reached, or not tried.
        uint32 unreachedSince;
        /// How many vaults there are.
        uint16 vaultCount;
        /// Wei of METIS that ever came from Metis.
        uint96 receivedFromL2;
        /// Wei of METIS that were ever sent to Metis.
        uint96 sentToL2;
        /// Number of the last message.
        uint32 lastMessage;
        /// When every vault could last be read, Unix seconds.
        uint32 readAt;
        /// Wei of METIS ever deposited here.
        uint96 l1Deposits;
        /// What `sentToL2` should reach, wei.
        uint96 needTarget;
        /// Number of the need that holds.
        uint64 needNumber;
        /// When the last pause began, Unix seconds.
        uint32 pausedAt;
        /// When it ends, Unix seconds.
        uint32 pausedUntil;
        Parameters parameters;
        /// What the keeper has recalled.
        RateLimit.Bucket recalled;
        /// Hash of each payload.
        mapping(uint256 number => bytes32) payloadHashes;
        /// What is known of each vault.
        mapping(uint256 index => VaultBook.Book) books;
    }

    bytes32 private constant STORAGE_LOCATION = 0x369d7cc2458fed41ecd56e05e96ec1d34666963912221f2c0efca866e05f2000;

    function _book(uint256 index) internal view returns (VaultBook.Book storage book) {
        require(index < _storage().vaultCount, LockManager__UnknownVault(index));
        return _bookAt(index);
    }

    function _bookAt(uint256 index) internal view returns (VaultBook.Book storage book) {
        return _storage().books[index];
    }

    function _storage() internal pure returns (Layout storage $) {
        bytes32 location = STORAGE_LOCATION;
        assembly {
            $.slot := location
        }
    }
}
