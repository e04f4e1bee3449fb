// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/secret.h"

#include <openssl/crypto.h>

namespace core {

Secret::~Secret()
{
    OPENSSL_cleanse(m_value.data(), m_value.size());
}

} // namespace core
