// SPDX-License-Identifier: MIT
/*
 * Building blocks for filesystems without a disk: the dentry cache is their directory, the page
 * cache their store, and kern_mount() gives pseudo filesystems to pipes and the like.
 *
 * In such a filesystem each name holds one extra reference on its dentry, which keeps it in the
 * cache; unlink drops it, and d_genocide() at the end of the filesystem drops all.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/statfs.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* ------------------------------------------------------------------ attributes */

int simple_getattr(struct user_namespace *mnt_userns, const struct path *path, struct kstat *stat,
		   u32 request_mask, unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);

	generic_fillattr(mnt_userns, inode, stat);
	stat->blocks = inode->i_mapping->nrpages << (PAGE_SHIFT - 9);
	return 0;
}
EXPORT_SYMBOL(simple_getattr);

int simple_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	buf->f_type = dentry->d_sb->s_magic;
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
	buf->f_fsid = u64_to_fsid(huge_encode_dev(dentry->d_sb->s_dev));
	return 0;
}
EXPORT_SYMBOL(simple_statfs);

int simple_setattr(struct user_namespace *mnt_userns, struct dentry *dentry, struct iattr *iattr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(mnt_userns, dentry, iattr);

	if (err)
		return err;
	if (iattr->ia_valid & ATTR_SIZE)
		truncate_setsize(inode, iattr->ia_size);
	setattr_copy(mnt_userns, inode, iattr);
	mark_inode_dirty(inode);
	return 0;
}
EXPORT_SYMBOL(simple_setattr);

int noop_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	return 0;
}
EXPORT_SYMBOL(noop_fsync);

int simple_open(struct inode *inode, struct file *file)
{
	if (inode->i_private)
		file->private_data = inode->i_private;
	return 0;
}
EXPORT_SYMBOL(simple_open);

/* ------------------------------------------------------------------ directories in the dcache */

int always_delete_dentry(const struct dentry *dentry)
{
	return 1;
}
EXPORT_SYMBOL(always_delete_dentry);

const struct dentry_operations simple_dentry_operations = {
	.d_delete	= always_delete_dentry,
};
EXPORT_SYMBOL(simple_dentry_operations);

/*
 * The cache is the directory: what is not in it is not there. And since that is known without it, a
 * negative dentry is not worth keeping.
 */
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	if (dentry->d_name.len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	if (!dentry->d_sb->s_d_op)
		d_set_d_op(dentry, &simple_dentry_operations);
	d_add(dentry, NULL);
	return NULL;
}
EXPORT_SYMBOL(simple_lookup);

int simple_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old_dentry);

	inode->i_ctime = dir->i_ctime = dir->i_mtime = current_time(inode);
	inc_nlink(inode);
	ihold(inode);
	dget(dentry);
	d_instantiate(dentry, inode);
	return 0;
}
EXPORT_SYMBOL(simple_link);

int simple_empty(struct dentry *dentry)
{
	struct dentry *child;
	int ret = 1;

	spin_lock(&dentry->d_lock);
	list_for_each_entry(child, &dentry->d_subdirs, d_child) {
		if (simple_positive(child)) {
			ret = 0;
			break;
		}
	}
	spin_unlock(&dentry->d_lock);
	return ret;
}
EXPORT_SYMBOL(simple_empty);

int simple_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);

	inode->i_ctime = dir->i_ctime = dir->i_mtime = current_time(inode);
	drop_nlink(inode);
	dput(dentry);		/* the reference that the name held; the caller has another */
	return 0;
}
EXPORT_SYMBOL(simple_unlink);

int simple_rmdir(struct inode *dir, struct dentry *dentry)
{
	if (!simple_empty(dentry))
		return -ENOTEMPTY;
	drop_nlink(d_inode(dentry));
	simple_unlink(dir, dentry);
	drop_nlink(dir);
	return 0;
}
EXPORT_SYMBOL(simple_rmdir);

int simple_rename_exchange(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
			   struct dentry *new_dentry)
{
	bool old_is_dir = d_is_dir(old_dentry), new_is_dir = d_is_dir(new_dentry);

	if (old_dir != new_dir && old_is_dir != new_is_dir) {
		drop_nlink(old_is_dir ? old_dir : new_dir);
		inc_nlink(old_is_dir ? new_dir : old_dir);
	}
	old_dir->i_ctime = old_dir->i_mtime = new_dir->i_ctime = new_dir->i_mtime =
		d_inode(old_dentry)->i_ctime = d_inode(new_dentry)->i_ctime = current_time(old_dir);
	return 0;
}
EXPORT_SYMBOL(simple_rename_exchange);

int simple_rename(struct user_namespace *mnt_userns, struct inode *old_dir,
		  struct dentry *old_dentry, struct inode *new_dir, struct dentry *new_dentry,
		  unsigned int flags)
{
	struct inode *inode = d_inode(old_dentry);
	bool they_are_dirs = d_is_dir(old_dentry);

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	if (flags & RENAME_EXCHANGE)
		return simple_rename_exchange(old_dir, old_dentry, new_dir, new_dentry);
	if (!simple_empty(new_dentry))
		return -ENOTEMPTY;
	if (d_really_is_positive(new_dentry)) {
		simple_unlink(new_dir, new_dentry);
		if (they_are_dirs) {
			drop_nlink(d_inode(new_dentry));
			drop_nlink(old_dir);
		}
	} else if (they_are_dirs) {
		drop_nlink(old_dir);
		inc_nlink(new_dir);
	}
	old_dir->i_ctime = old_dir->i_mtime = new_dir->i_ctime = new_dir->i_mtime =
		inode->i_ctime = current_time(old_dir);
	return 0;
}
EXPORT_SYMBOL(simple_rename);

/* ------------------------------------------------------------------ reading such directories */

/*
 * An open directory keeps its place by a dentry of its own, the cursor, which hangs among the
 * children: new names come before it or after it, and removed ones do not disturb it. Position 2
 * is the first child; after that the position only counts.
 */
int dcache_dir_open(struct inode *inode, struct file *file)
{
	static const struct qstr dot = QSTR_INIT(".", 1);

	file->private_data = d_alloc(file->f_path.dentry, &dot);
	return file->private_data ? 0 : -ENOMEM;
}
EXPORT_SYMBOL(dcache_dir_open);

int dcache_dir_close(struct inode *inode, struct file *file)
{
	dput(file->private_data);
	return 0;
}
EXPORT_SYMBOL(dcache_dir_close);

/* The first child after @pos that is a name, with a reference; the cursor goes behind it. */
static struct dentry *next_positive(struct dentry *cursor, struct list_head *pos)
{
	struct dentry *dir = cursor->d_parent, *found = NULL;

	spin_lock(&dir->d_lock);
	for (pos = pos->next; pos != &dir->d_subdirs; pos = pos->next) {
		struct dentry *d = list_entry(pos, struct dentry, d_child);

		if (simple_positive(d) && dget_alive(d)) {
			found = d;
			break;
		}
	}
	if (found)
		list_move(&cursor->d_child, &found->d_child);
	else
		list_move_tail(&cursor->d_child, &dir->d_subdirs);
	spin_unlock(&dir->d_lock);
	return found;
}

loff_t dcache_dir_lseek(struct file *file, loff_t offset, int whence)
{
	struct dentry *cursor = file->private_data, *dir = file->f_path.dentry;

	if (whence == SEEK_CUR)
		offset += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0)
		return -EINVAL;
	if (offset == file->f_pos)
		return offset;
	inode_lock_shared(d_inode(dir));
	spin_lock(&dir->d_lock);
	list_move(&cursor->d_child, &dir->d_subdirs);
	spin_unlock(&dir->d_lock);
	for (loff_t n = offset; n > 2; n--) {
		struct dentry *d = next_positive(cursor, &cursor->d_child);

		if (!d)
			break;
		dput(d);
	}
	file->f_pos = offset;
	inode_unlock_shared(d_inode(dir));
	return offset;
}
EXPORT_SYMBOL(dcache_dir_lseek);

int dcache_readdir(struct file *file, struct dir_context *ctx)
{
	struct dentry *cursor = file->private_data, *dir = file->f_path.dentry, *next;
	struct list_head *before;

	if (!dir_emit_dots(file, ctx))
		return 0;
	if (ctx->pos == 2) {
		spin_lock(&dir->d_lock);
		list_move(&cursor->d_child, &dir->d_subdirs);
		spin_unlock(&dir->d_lock);
	}
	while ((next = next_positive(cursor, &cursor->d_child)) != NULL) {
		bool ok = dir_emit(ctx, (const char *)next->d_name.name, next->d_name.len,
				   d_inode(next)->i_ino, fs_umode_to_dtype(d_inode(next)->i_mode));

		if (!ok) {
			/* It comes again: the cursor goes back before it. */
			spin_lock(&dir->d_lock);
			before = next->d_child.prev;
			if (before != &cursor->d_child)
				list_move(&cursor->d_child, before);
			spin_unlock(&dir->d_lock);
			dput(next);
			break;
		}
		ctx->pos++;
		dput(next);
	}
	return 0;
}
EXPORT_SYMBOL(dcache_readdir);

ssize_t generic_read_dir(struct file *file, char __user *buf, size_t size, loff_t *ppos)
{
	return -EISDIR;
}
EXPORT_SYMBOL(generic_read_dir);

const struct file_operations simple_dir_operations = {
	.open		= dcache_dir_open,
	.release	= dcache_dir_close,
	.llseek		= dcache_dir_lseek,
	.read		= generic_read_dir,
	.iterate_shared	= dcache_readdir,
	.fsync		= noop_fsync,
};
EXPORT_SYMBOL(simple_dir_operations);

const struct inode_operations simple_dir_inode_operations = {
	.lookup		= simple_lookup,
};
EXPORT_SYMBOL(simple_dir_inode_operations);

/* ------------------------------------------------------------------ pages without a store */

int simple_read_folio(struct file *file, struct folio *folio)
{
	clear_page(folio_address(folio));
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}
EXPORT_SYMBOL(simple_read_folio);

int simple_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
		       struct page **pagep, void **fsdata)
{
	struct page *page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	unsigned from = offset_in_page(pos);

	if (!page)
		return -ENOMEM;
	*pagep = page;
	if (!PageUptodate(page) && len != PAGE_SIZE) {
		memset(page_address(page), 0, from);
		memset(page_address(page) + from + len, 0, PAGE_SIZE - from - len);
	}
	return 0;
}
EXPORT_SYMBOL(simple_write_begin);

int simple_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,
		     unsigned copied, struct page *page, void *fsdata)
{
	struct inode *inode = page->mapping->host;
	loff_t last_pos = pos + copied;

	/* A short copy into a page that held nothing: the rest of the range is zeroes. */
	if (!PageUptodate(page)) {
		if (copied < len)
			memset(page_address(page) + offset_in_page(pos) + copied, 0, len - copied);
		SetPageUptodate(page);
	}
	if (last_pos > inode->i_size)
		i_size_write(inode, last_pos);
	set_page_dirty(page);
	unlock_page(page);
	put_page(page);
	return copied;
}
EXPORT_SYMBOL(simple_write_end);

/* For files whose only copy is in the page cache; their mapping is unevictable. */
const struct address_space_operations ram_aops = {
	.read_folio	= simple_read_folio,
	.write_begin	= simple_write_begin,
	.write_end	= simple_write_end,
	.dirty_folio	= noop_dirty_folio,
};
EXPORT_SYMBOL(ram_aops);

/* ------------------------------------------------------------------ symbolic links */

const char *simple_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	return inode->i_link;
}
EXPORT_SYMBOL(simple_get_link);

const struct inode_operations simple_symlink_inode_operations = {
	.get_link	= simple_get_link,
};
EXPORT_SYMBOL(simple_symlink_inode_operations);

void kfree_link(void *p)
{
	kfree(p);
}
EXPORT_SYMBOL(kfree_link);

static void page_put_link(void *arg)
{
	put_page(arg);
}

/** page_get_link - for ->get_link(): the target is the first page of the link's own mapping */
const char *page_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct page *page = read_mapping_page(inode->i_mapping, 0, NULL);
	char *text;

	if (IS_ERR(page))
		return ERR_CAST(page);
	text = page_address(page);
	text[min_t(loff_t, inode->i_size, PAGE_SIZE - 1)] = 0;
	set_delayed_call(done, page_put_link, page);
	return text;
}
EXPORT_SYMBOL(page_get_link);

const struct inode_operations page_symlink_inode_operations = {
	.get_link	= page_get_link,
};
EXPORT_SYMBOL(page_symlink_inode_operations);

/** page_symlink - writes the target of a new link into the first page of its mapping */
int page_symlink(struct inode *inode, const char *symname, int len)
{
	struct address_space *mapping = inode->i_mapping;
	struct page *page;
	void *fsdata = NULL;
	int err;

	err = mapping->a_ops->write_begin(NULL, mapping, 0, len - 1, &page, &fsdata);
	if (err)
		return err;
	memcpy(page_address(page), symname, len - 1);
	err = mapping->a_ops->write_end(NULL, mapping, 0, len - 1, len - 1, page, fsdata);
	if (err < 0)
		return err;
	if (err < len - 1)
		return -EIO;
	mark_inode_dirty(inode);
	return 0;
}
EXPORT_SYMBOL(page_symlink);

/* ------------------------------------------------------------------ super blocks */

const struct super_operations simple_super_operations = {
	.statfs		= simple_statfs,
};
EXPORT_SYMBOL(simple_super_operations);

static void fill_simple_inode(struct inode *inode, umode_t mode)
{
	inode->i_mode = mode;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
}

/** simple_fill_super - a root directory with files in it, each named by @files[inode number] */
int simple_fill_super(struct super_block *s, unsigned long magic, const struct tree_descr *files)
{
	struct inode *inode;
	struct dentry *root, *dentry;

	s->s_magic = magic;
	s->s_op = &simple_super_operations;
	inode = new_inode(s);
	if (!inode)
		return -ENOMEM;
	inode->i_ino = 1;
	fill_simple_inode(inode, S_IFDIR | 0755);
	inode->i_op = &simple_dir_inode_operations;
	inode->i_fop = &simple_dir_operations;
	set_nlink(inode, 2);
	root = d_make_root(inode);
	if (!root)
		return -ENOMEM;
	s->s_root = root;		/* what is in it goes with it, also on failure */
	for (int i = 2; files && files->name; i++, files++) {
		if (!*files->name)
			continue;
		dentry = d_alloc_name(root, files->name);
		if (!dentry)
			return -ENOMEM;
		inode = new_inode(s);
		if (!inode) {
			dput(dentry);
			return -ENOMEM;
		}
		fill_simple_inode(inode, S_IFREG | files->mode);
		inode->i_fop = files->ops;
		inode->i_ino = i;
		d_add(dentry, inode);
	}
	return 0;
}
EXPORT_SYMBOL(simple_fill_super);

static int pseudo_fs_fill_super(struct super_block *s, struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = fc->fs_private;
	struct inode *root;

	s->s_magic = ctx->magic;
	s->s_op = ctx->ops ?: &simple_super_operations;
	s->s_d_op = ctx->dops;
	root = new_inode(s);
	if (!root)
		return -ENOMEM;
	root->i_ino = 1;
	fill_simple_inode(root, S_IFDIR | S_IRUSR | S_IWUSR);
	s->s_root = d_make_root(root);
	return s->s_root ? 0 : -ENOMEM;
}

static int pseudo_fs_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, pseudo_fs_fill_super);
}

static void pseudo_fs_free(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static const struct fs_context_operations pseudo_fs_context_ops = {
	.free		= pseudo_fs_free,
	.get_tree	= pseudo_fs_get_tree,
};

/** init_pseudo - for ->init_fs_context() of a filesystem that only kern_mount() mounts; or NULL */
struct pseudo_fs_context *init_pseudo(struct fs_context *fc, unsigned long magic)
{
	struct pseudo_fs_context *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return NULL;
	ctx->magic = magic;
	fc->fs_private = ctx;
	fc->ops = &pseudo_fs_context_ops;
	fc->sb_flags |= SB_NOUSER;
	return ctx;
}

/** alloc_anon_inode - an inode for a file that the kernel hands out without a name */
struct inode *alloc_anon_inode(struct super_block *s)
{
	struct inode *inode = new_inode_pseudo(s);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_ino = get_next_ino();
	inode->i_state = I_DIRTY;	/* never onto a list of inodes to be written */
	inode->i_mode = S_IRUSR | S_IWUSR;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	return inode;
}
EXPORT_SYMBOL(alloc_anon_inode);

static DEFINE_MUTEX(pin_fs_lock);

/** simple_pin_fs - mounts a type for the kernel when the first user comes; counts users */
int simple_pin_fs(struct file_system_type *type, struct vfsmount **mount, int *count)
{
	struct vfsmount *mnt;

	mutex_lock(&pin_fs_lock);
	if (!*mount) {
		mnt = kern_mount(type);
		if (IS_ERR(mnt)) {
			mutex_unlock(&pin_fs_lock);
			return PTR_ERR(mnt);
		}
		*mount = mnt;
	}
	++*count;
	mutex_unlock(&pin_fs_lock);
	return 0;
}
EXPORT_SYMBOL(simple_pin_fs);

void simple_release_fs(struct vfsmount **mount, int *count)
{
	struct vfsmount *mnt = NULL;

	mutex_lock(&pin_fs_lock);
	if (!--*count) {
		mnt = *mount;
		*mount = NULL;
	}
	mutex_unlock(&pin_fs_lock);
	mntput(mnt);
}
EXPORT_SYMBOL(simple_release_fs);

/* ------------------------------------------------------------------ buffers as files */

/** simple_read_from_buffer - for ->read() of a file whose @available bytes are at @from */
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from,
				size_t available)
{
	loff_t pos = *ppos;
	size_t left;

	if (pos < 0)
		return -EINVAL;
	if (pos >= (loff_t)available || !count)
		return 0;
	count = min_t(size_t, count, available - pos);
	left = copy_to_user(to, from + pos, count);
	if (left == count)
		return -EFAULT;
	*ppos = pos + count - left;
	return count - left;
}
EXPORT_SYMBOL(simple_read_from_buffer);

ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from,
			       size_t count)
{
	loff_t pos = *ppos;
	size_t left;

	if (pos < 0)
		return -EINVAL;
	if (pos >= (loff_t)available || !count)
		return 0;
	count = min_t(size_t, count, available - pos);
	left = copy_from_user(to + pos, from, count);
	if (left == count)
		return -EFAULT;
	*ppos = pos + count - left;
	return count - left;
}
EXPORT_SYMBOL(simple_write_to_buffer);
