//! What `s3s-fs` leaves out: a list of uploads that were begun, parts of uploads that are aborted meanwhile, and buckets that do not exist.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::dto::*;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use std::path::{Path, PathBuf};
use std::pin::Pin;

/// Objects in a folder.
#[derive(Debug)]
pub(crate) struct Files {
    root: PathBuf,
    files: FileSystem,
}

impl Files {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), files: FileSystem::new(root).expect("the server can use its folder") }
    }

    fn bucket(&self, name: &str) -> S3Result<()> {
        if self.root.join(name).is_dir() { Ok(()) } else { Err(s3_error!(NoSuchBucket)) }
    }

    /// `.bucket-BUCKET.object-KEY.upload-ID.metadata.json` is written when an upload begins, and goes with it.
    fn begun(&self, bucket: &str) -> Vec<MultipartUpload> {
        let mut uploads = Vec::new();
        for entry in std::fs::read_dir(&self.root).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let begin = format!(".bucket-{}.object-", URL_SAFE_NO_PAD.encode(bucket));
            let Some((key, rest)) = name.strip_prefix(&begin).and_then(|rest| rest.split_once('.')) else { continue };
            let Some(id) = rest.strip_prefix("upload-").and_then(|rest| rest.strip_suffix(".metadata.json")) else { continue };
            let Some(key) = URL_SAFE_NO_PAD.decode(key).ok().and_then(|key| String::from_utf8(key).ok()) else { continue };
            let initiated = entry.metadata().and_then(|metadata| metadata.modified()).ok().map(Timestamp::from);
            uploads.push(MultipartUpload { key: Some(key), upload_id: Some(id.to_owned()), initiated, ..MultipartUpload::default() });
        }
        uploads.sort_by(|a, b| (&a.key, &a.upload_id).cmp(&(&b.key, &b.upload_id)));
        uploads
    }
}

/// What `async_trait` makes of an async function's result.
type Answer<'a, T> = Pin<Box<dyn Future<Output = S3Result<S3Response<T>>> + Send + 'a>>;

macro_rules! pass {
    ($($name:ident: $input:ident -> $output:ident, $checked:literal;)*) => {$(
        fn $name<'a, 'b>(&'a self, request: S3Request<$input>) -> Answer<'b, $output>
        where
            'a: 'b,
            Self: 'b,
        {
            Box::pin(async move {
                if $checked {
                    self.bucket(&request.input.bucket)?;
                }
                self.files.$name(request).await
            })
        }
    )*};
}

impl S3 for Files {
    pass! {
        get_object: GetObjectInput -> GetObjectOutput, true;
        head_object: HeadObjectInput -> HeadObjectOutput, true;
        put_object: PutObjectInput -> PutObjectOutput, true;
        delete_object: DeleteObjectInput -> DeleteObjectOutput, true;
        delete_objects: DeleteObjectsInput -> DeleteObjectsOutput, true;
        list_objects: ListObjectsInput -> ListObjectsOutput, true;
        list_objects_v2: ListObjectsV2Input -> ListObjectsV2Output, true;
        create_multipart_upload: CreateMultipartUploadInput -> CreateMultipartUploadOutput, true;
        complete_multipart_upload: CompleteMultipartUploadInput -> CompleteMultipartUploadOutput, true;
        abort_multipart_upload: AbortMultipartUploadInput -> AbortMultipartUploadOutput, true;
    }

    /// A part whose upload is aborted while it arrives does not stay: nobody could ever find it.
    fn upload_part<'a, 'b>(&'a self, request: S3Request<UploadPartInput>) -> Answer<'b, UploadPartOutput>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            self.bucket(&request.input.bucket)?;
            let (id, number) = (request.input.upload_id.clone(), request.input.part_number);
            let answer = self.files.upload_part(request).await?;
            if !self.root.join(format!(".upload-{id}.json")).exists() {
                // It may have been put together with the others at this very moment.
                let _ = std::fs::remove_file(self.root.join(format!(".upload_id-{id}.part-{number}")));
                return Err(s3_error!(NoSuchUpload));
            }
            Ok(answer)
        })
    }

    fn list_multipart_uploads<'a, 'b>(&'a self, request: S3Request<ListMultipartUploadsInput>) -> Answer<'b, ListMultipartUploadsOutput>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let input = request.input;
            self.bucket(&input.bucket)?;
            let prefix = input.prefix.clone().unwrap_or_default();
            // Two at a time, so that clients have to go on.
            let after = (input.key_marker.clone(), input.upload_id_marker.clone());
            let later = |upload: &MultipartUpload| after.0.is_none() || (&upload.key, &upload.upload_id) > (&after.0, &after.1);
            let mut uploads: Vec<_> = self.begun(&input.bucket).into_iter().filter(later).collect();
            uploads.retain(|upload| upload.key.as_ref().is_some_and(|key| key.starts_with(&prefix)));
            let is_truncated = uploads.len() > 2;
            uploads.truncate(2);
            let last = uploads.last().filter(|_| is_truncated);
            Ok(S3Response::new(ListMultipartUploadsOutput {
                next_key_marker: last.and_then(|last| last.key.clone()),
                next_upload_id_marker: last.and_then(|last| last.upload_id.clone()),
                bucket: Some(input.bucket),
                is_truncated: Some(is_truncated),
                uploads: Some(uploads),
                ..ListMultipartUploadsOutput::default()
            }))
        })
    }
}
